#pragma once

// listmonk, by its API (https://listmonk.app/docs/apis/apis/, the pages subscribers and lists): a
// user's name and token as HTTP Basic; errors are a status with {"message": …}.
//
// Its import of CSV files is not used: there is one at a time for a whole installation, and it
// tells of refused rows only in a log. A new address is one POST instead; those that it knows are
// one PUT.

#include "connection/audience_target.h"

namespace piggy {

class Listmonk final : public AudienceConnector {
 public:
  Listmonk(ServiceClient::Options options, const Clock& clock);

  const ConnectorInfo& info() const override;
  Result<> may_be(const Reach& reach) const override;
  Result<Whose> check(const Reach& reach) override;

  Result<std::vector<AudienceList>> lists(const Reach& reach) override;
  Result<std::int64_t> count(const Reach& reach, const std::string& list) override;
  Result<Refusals> push(const Reach& reach, const std::string& list,
                        std::span<const AudienceMember> entered,
                        std::span<const AudienceMember> left, std::string_view key) override;
  std::size_t entered_max() const override { return 100; }
  std::size_t left_max() const override { return 100; }
  std::string wrong_with_list(std::string_view list) const override;

 private:
  struct Known;
  Result<http::Response> send(const Reach& reach, std::string_view method, const std::string& path,
                              const Value& body) const;
  Result<Value> ask(const Reach& reach, std::string_view method, const std::string& path,
                    const Value& body = {}) const;
  Result<std::vector<Known>> known(const Reach& reach, std::int64_t list,
                                   std::span<const AudienceMember> members) const;
  Result<> enter(const Reach& reach, std::int64_t list, std::span<const AudienceMember> members,
                 Refusals& refusals) const;
  Result<> change(const Reach& reach, std::int64_t list, std::string_view action,
                  const Value& ids) const;

  mutable ServiceClient client_;
};

}  // namespace piggy
