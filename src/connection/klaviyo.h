#pragma once

// Klaviyo, by its JSON:API (https://developers.klaviyo.com/en/reference/api_overview and the
// OpenAPI documents in github.com/klaviyo/openapi): a private key, a `revision` with each request,
// errors as `errors` with a `detail` each. Limits are windows of a second and of a minute; a 429
// carries Retry-After (https://developers.klaviyo.com/en/docs/rate_limits_and_error_handling).
//
// Who enters goes by a bulk import job, which makes or updates profiles and puts them on a list: it
// is waited for, and what it refused is read from its import errors (bulk_import_profiles,
// get_errors_for_bulk_import_profiles_job). Who leaves is looked up by address and taken off the
// list (remove_profiles_from_list). Neither touches a profile's consent: whoever has unsubscribed
// there gets nothing, list or not.

#include "connection/audience_target.h"

namespace piggy {

class Klaviyo final : public AudienceConnector {
 public:
  Klaviyo(ServiceClient::Options options, const Clock& clock);

  const ConnectorInfo& info() const override;
  Result<> may_be(const Reach& reach) const override;
  Result<Whose> check(const Reach& reach) override;

  Result<std::vector<AudienceList>> lists(const Reach& reach) override;
  Result<std::int64_t> count(const Reach& reach, const std::string& list) override;
  Result<Refusals> push(const Reach& reach, const std::string& list,
                        std::span<const AudienceMember> entered,
                        std::span<const AudienceMember> left, std::string_view key) override;
  // A job takes 10,000; smaller ones are done before anybody tires of waiting.
  std::size_t entered_max() const override { return 1'000; }
  // A page of profiles is 100.
  std::size_t left_max() const override { return 100; }
  std::string wrong_with_list(std::string_view list) const override;

 private:
  Result<Value> ask(const Reach& reach, std::string_view method, const std::string& path,
                    const Value& body = {}) const;
  Result<> enter(const Reach& reach, const std::string& list,
                 std::span<const AudienceMember> members, Refusals& refusals) const;
  // `conflict` for a job that was cancelled, `unavailable` for one that is not done yet.
  Result<std::int64_t> failures_when_done(const Reach& reach, const std::string& job) const;
  Result<> read_refusals(const Reach& reach, const std::string& job,
                         std::span<const AudienceMember> members, Refusals& refusals) const;
  Result<> leave(const Reach& reach, const std::string& list,
                 std::span<const AudienceMember> members) const;

  mutable ServiceClient client_;
  std::function<void(std::chrono::milliseconds)> sleep_;
};

}  // namespace piggy
