#include "connection/audience_target.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"

namespace piggy {
namespace {

constexpr std::size_t said_bytes_max = 200;

Result<> must_be_list(const AudienceConnector& connector, const std::string& list) {
  std::string wrong = connector.wrong_with_list(list);
  if (wrong.empty()) return {};
  return fail_field("/list", std::move(wrong));
}

bool is_address(std::string_view email) {
  std::size_t at = email.find('@');
  bool plain = std::ranges::none_of(email, [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == ',' || c == ';';
  });
  return plain && at != 0 && at != std::string_view::npos && at + 1 < email.size() &&
         email.size() <= 254;
}

void check_addresses(const AudienceAddresses& input, std::vector<FieldError>& problems) {
  for (std::size_t i = 0; i < input.emails.size(); i++) {
    if (!is_address(input.emails[i])) {
      problems.push_back({fmt::format("/emails/{}", i), "This is no e-mail address."});
    }
  }
}

// In as many requests as the service needs for it. A request that failed after another was done is
// told as an error; asked for again, it does the rest.
Result<AudienceOutcome> change(AudienceConnector& connector, const Reach& reach,
                               const AudienceAddresses& input, bool enter, std::string_view key) {
  TRY(must_be_list(connector, input.list));
  std::vector<AudienceMember> members;
  for (const std::string& email : input.emails) members.push_back({.email = email});
  AudienceOutcome outcome;
  std::size_t most = enter ? connector.entered_max() : connector.left_max();
  for (std::size_t begin = 0; begin < members.size(); begin += most) {
    std::span<const AudienceMember> part(members.data() + begin,
                                         std::min(most, members.size() - begin));
    auto none = part.first(0);
    auto refused = TRY(connector.push(reach, input.list, enter ? part : none, enter ? none : part,
                                      fmt::format("{}-{}", key, begin)));
    outcome.refused.insert(outcome.refused.end(), refused.begin(), refused.end());
  }
  outcome.taken =
      static_cast<std::int64_t>(members.size()) - static_cast<std::int64_t>(outcome.refused.size());
  return outcome;
}

}  // namespace

void AudienceConnector::add_audience_tools() {
  add<ListAudiences>(*this);
  add<CountMembers>(*this);
  add<AddMembers>(*this);
  add<RemoveMembers>(*this);
}

std::string quoted(std::string_view words) { return on_one_line(words, said_bytes_max); }

Error audience_refusal(std::string_view title, int status, std::string_view said) {
  if (status == 401) {
    return {.code = ErrorCode::unauthenticated,
            .message = fmt::format("{} refused the key.", title),
            .number = 401};
  }
  ErrorCode code = status == 404   ? ErrorCode::not_found
                   : status == 403 ? ErrorCode::forbidden
                                   : ErrorCode::conflict;
  std::string words = said.empty() ? "" : fmt::format(" It says: {}", quoted(said));
  return {.code = code, .message = fmt::format("{} refused it ({}).{}", title, status, words)};
}

Result<ListAudiences::Output> ListAudiences::act(AudienceConnector& connector, const Reach& reach,
                                                 const Input&, const OutsideRequest&) {
  return Output{.lists = TRY(connector.lists(reach))};
}

Result<CountMembers::Output> CountMembers::act(AudienceConnector& connector, const Reach& reach,
                                               const Input& input, const OutsideRequest&) {
  TRY(must_be_list(connector, input.list));
  return Output{.members = TRY(connector.count(reach, input.list))};
}

void AddMembers::check(const Input& input, std::vector<FieldError>& problems) {
  check_addresses(input, problems);
}

Result<AudienceOutcome> AddMembers::act(AudienceConnector& connector, const Reach& reach,
                                        const Input& input, const OutsideRequest& request) {
  return change(connector, reach, input, true, request.idempotency_key);
}

void RemoveMembers::check(const Input& input, std::vector<FieldError>& problems) {
  check_addresses(input, problems);
}

Result<AudienceOutcome> RemoveMembers::act(AudienceConnector& connector, const Reach& reach,
                                           const Input& input, const OutsideRequest& request) {
  return change(connector, reach, input, false, request.idempotency_key);
}

}  // namespace piggy
