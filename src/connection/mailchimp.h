#pragma once

// Mailchimp, by its Marketing API (https://mailchimp.com/developer/marketing/api/, and the comments
// of its own client, @mailchimp/mailchimp_marketing 3.0.80): the key as HTTP Basic, its end names
// the data centre. Errors come as a problem document with a status, or among the `errors` of a
// batch that was answered with 200. It allows ten connections at a time, tells no limits in
// headers, and at high volume answers a 403 without a body
// (https://mailchimp.com/developer/marketing/docs/fundamentals/): that one means to wait.
//
// A batch that updates existing members would subscribe again whoever has unsubscribed there. So
// only new ones are added at first; of those that exist each one's status is read, and only
// archived ones come back. Whoever leaves is archived, not unsubscribed: they said nothing.
//
// The audience's `stats.member_count` is minutes old; what is counted are the members themselves.

#include "connection/audience_target.h"

namespace piggy {

class Mailchimp final : public AudienceConnector {
 public:
  Mailchimp(ServiceClient::Options options, const Clock& clock);

  const ConnectorInfo& info() const override;
  Result<> may_be(const Reach& reach) const override;
  Result<Whose> check(const Reach& reach) override;

  Result<std::vector<AudienceList>> lists(const Reach& reach) override;
  Result<std::int64_t> count(const Reach& reach, const std::string& list) override;
  Result<Refusals> push(const Reach& reach, const std::string& list,
                        std::span<const AudienceMember> entered,
                        std::span<const AudienceMember> left, std::string_view key) override;
  // A batch takes 500; but each that exists already may cost a request of its own.
  std::size_t entered_max() const override { return 100; }
  std::size_t left_max() const override { return 50; }
  std::string wrong_with_list(std::string_view list) const override;

 private:
  Result<http::Response> send(const Reach& reach, std::string_view method, const std::string& path,
                              const Value& body = {}) const;
  Result<Value> ask(const Reach& reach, std::string_view method, const std::string& path,
                    const Value& body = {}) const;
  // "" for nobody.
  Result<std::string> status_of(const Reach& reach, const std::string& list,
                                const std::string& email) const;
  // The addresses that exist there already are left out of the refusals and returned.
  Result<std::vector<std::string>> subscribe(const Reach& reach, const std::string& list,
                                             const std::vector<std::string>& emails,
                                             bool update_existing, Refusals& refusals) const;
  Result<> enter(const Reach& reach, const std::string& list,
                 std::span<const AudienceMember> members, Refusals& refusals) const;
  Result<> leave(const Reach& reach, const std::string& list,
                 std::span<const AudienceMember> members, Refusals& refusals) const;

  mutable ServiceClient client_;
};

}  // namespace piggy
