#include "connection/mailchimp.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "base/lower_case.h"
#include "http/form.h"
#include "shape/json.h"

namespace piggy {
namespace {

constexpr ConnectorInfo about_mailchimp = {
    .name = "mailchimp",
    .title = "Mailchimp",
    .about =
        "Audiences of a Mailchimp account. Left out, the address is that of the data centre which "
        "the key names.",
    .key = "API key (…-us1)"};

constexpr std::string_view exists_already = "ERROR_CONTACT_EXISTS";
constexpr int lists_max = 1'000;
constexpr int throttled_seconds = 10;

std::unexpected<Error> unreadable() {
  return fail(ErrorCode::unavailable, "Mailchimp gave an answer that cannot be read.");
}

std::string basic(std::string_view key) {
  std::string pair = fmt::format("piggy:{}", key);
  std::string text(sodium_base64_ENCODED_LEN(pair.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(pair.data()),
                    pair.size(), sodium_base64_VARIANT_ORIGINAL);
  text.resize(text.size() - 1);  // Its final zero.
  return text;
}

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 50 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
}

// "us1" of "0123…-us1".
std::string_view data_centre(std::string_view key) {
  std::size_t dash = key.rfind('-');
  return dash == std::string_view::npos ? std::string_view() : key.substr(dash + 1);
}

Result<std::string> api_of(const Reach& reach) {
  if (!reach.base_url.empty()) return TRY(read_base_url(reach.base_url)).prefix;
  return fmt::format("https://{}.api.mailchimp.com/3.0", data_centre(reach.key.view()));
}

std::string said(const http::Response& response) {
  auto answer = parse_json(response.body);
  return answer ? std::string(answer->text_of("detail")) : "";
}

std::string member_path(const std::string& list, const std::string& email) {
  return fmt::format("/lists/{}/members/{}", list, http::percent_encode(email));
}

std::optional<std::int64_t> integer_at(const Value* value) {
  return value && value->integer() ? std::optional(*value->integer()) : std::nullopt;
}

}  // namespace

Mailchimp::Mailchimp(ServiceClient::Options options, const Clock& clock)
    : client_(std::string(about_mailchimp.title), std::move(options), clock) {
  add_audience_tools();
}

const ConnectorInfo& Mailchimp::info() const { return about_mailchimp; }

Result<> Mailchimp::may_be(const Reach& reach) const {
  std::vector<FieldError> problems;
  if (!reach.base_url.empty()) {
    if (auto base = read_base_url(reach.base_url); !base) {
      problems.push_back({"/base_url", base.error().message});
    }
  }
  std::string_view key = reach.key.view();
  bool plain = std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
  if (!plain || !is_word(data_centre(key))) {
    problems.push_back({"/key", "The key must end with a dash and the data centre, like -us1."});
  }
  if (problems.empty()) return {};
  return fail_fields(std::move(problems));
}

Result<Whose> Mailchimp::check(const Reach& reach) {
  Value account = TRY(ask(reach, "GET", "/?fields=account_id,account_name"));
  return Whose{.name = std::string(account.text_of("account_name")),
               .settings = Value::object({{"account", account.text_of("account_id")}})};
}

std::string Mailchimp::wrong_with_list(std::string_view list) const {
  return is_word(list) ? "" : "An audience's id is of letters and digits.";
}

Result<http::Response> Mailchimp::send(const Reach& reach, std::string_view method,
                                       const std::string& path, const Value& body) const {
  ServiceRequest request{
      .method = std::string(method),
      .url = TRY(api_of(reach)) + path,
      .headers = {"Accept: application/json",
                  fmt::format("Authorization: Basic {}", basic(reach.key.view()))},
      .writes = method != "GET",
      .harmless = true,
      .refusals = true};
  if (!body.is_null()) {
    request.headers.push_back("Content-Type: application/json");
    request.body = to_json(body);
  }
  http::Response response = TRY(client_.ask(request));
  if (response.status == 401) return fail(audience_refusal(about_mailchimp.title, 401, ""));
  if (response.status == 403 && response.body.empty()) {
    return fail({.code = ErrorCode::too_many,
                 .message = "Mailchimp asks to slow down (403 without a word).",
                 .retry_after_seconds = throttled_seconds});
  }
  return response;
}

Result<Value> Mailchimp::ask(const Reach& reach, std::string_view method, const std::string& path,
                             const Value& body) const {
  http::Response response = TRY(send(reach, method, path, body));
  if (response.status / 100 != 2) {
    return fail(audience_refusal(about_mailchimp.title, response.status, said(response)));
  }
  auto answer = parse_json(response.body);
  if (!answer || !answer->members()) return unreadable();
  return *std::move(answer);
}

Result<std::vector<AudienceList>> Mailchimp::lists(const Reach& reach) {
  Value answer =
      TRY(ask(reach, "GET",
              fmt::format("/lists?count={}&fields=lists.id,lists.name,lists.stats.member_count",
                          lists_max)));
  const Value* found = answer.find("lists");
  if (!found || !found->items()) return unreadable();
  std::vector<AudienceList> lists;
  for (const Value& list : *found->items()) {
    const Value* stats = list.find("stats");
    lists.push_back({.id = std::string(list.text_of("id")),
                     .name = std::string(list.text_of("name")),
                     .members = integer_at(stats ? stats->find("member_count") : nullptr)});
  }
  return lists;
}

Result<std::int64_t> Mailchimp::count(const Reach& reach, const std::string& list) {
  Value answer =
      TRY(ask(reach, "GET",
              fmt::format("/lists/{}/members?status=subscribed&count=1&fields=total_items", list)));
  auto total = integer_at(answer.find("total_items"));
  if (!total) return unreadable();
  return *total;
}

Result<std::string> Mailchimp::status_of(const Reach& reach, const std::string& list,
                                         const std::string& email) const {
  http::Response response = TRY(send(reach, "GET", member_path(list, email) + "?fields=status"));
  if (response.status == 404) return std::string();
  if (response.status / 100 != 2) {
    return fail(audience_refusal(about_mailchimp.title, response.status, said(response)));
  }
  auto answer = parse_json(response.body);
  if (!answer) return unreadable();
  return std::string(answer->text_of("status"));
}

Result<std::vector<std::string>> Mailchimp::subscribe(const Reach& reach, const std::string& list,
                                                      const std::vector<std::string>& emails,
                                                      bool update_existing,
                                                      Refusals& refusals) const {
  std::vector<std::string> existing;
  if (emails.empty()) return existing;
  Value members = Value::list();
  for (const std::string& email : emails) {
    members.push(Value::object({{"email_address", email}, {"status", "subscribed"}}));
  }
  Value answer =
      TRY(ask(reach, "POST", fmt::format("/lists/{}?skip_merge_validation=true", list),
              Value::object({{"members", members}, {"update_existing", update_existing}})));
  const Value* errors = answer.find("errors");
  if (!errors || !errors->items()) return unreadable();
  for (const Value& error : *errors->items()) {
    std::string email(error.text_of("email_address"));
    // Whom we did not ask for is nobody's refusal.
    auto asked = std::ranges::find_if(
        emails, [&](const std::string& one) { return lower_case(one) == lower_case(email); });
    if (asked == emails.end()) continue;
    if (!update_existing && error.text_of("error_code") == exists_already) {
      existing.push_back(*asked);
    } else {
      refusals.push_back(
          {*asked, fmt::format("Mailchimp refused it: {}", quoted(error.text_of("error")))});
    }
  }
  return existing;
}

Result<> Mailchimp::enter(const Reach& reach, const std::string& list,
                          std::span<const AudienceMember> members, Refusals& refusals) const {
  std::vector<std::string> emails, archived;
  for (const AudienceMember& member : members) emails.push_back(member.email);
  for (const std::string& email : TRY(subscribe(reach, list, emails, false, refusals))) {
    std::string status = TRY(status_of(reach, list, email));
    if (status == "archived") {
      archived.push_back(email);
    } else if (status != "subscribed") {
      refusals.push_back({email, fmt::format("At Mailchimp this address is {}.", quoted(status))});
    }
  }
  TRY(subscribe(reach, list, archived, true, refusals));
  return {};
}

Result<> Mailchimp::leave(const Reach& reach, const std::string& list,
                          std::span<const AudienceMember> members, Refusals& refusals) const {
  for (const AudienceMember& member : members) {
    std::string status = TRY(status_of(reach, list, member.email));
    // Whoever has unsubscribed keeps saying so.
    if (status != "subscribed" && status != "pending") continue;
    http::Response response = TRY(send(reach, "DELETE", member_path(list, member.email)));
    if (response.status / 100 == 2 || response.status == 404) continue;
    if (response.status != 405) {
      return fail(audience_refusal(about_mailchimp.title, response.status, said(response)));
    }
    refusals.push_back(
        {member.email, fmt::format("Mailchimp keeps it: {}", quoted(said(response)))});
  }
  return {};
}

Result<AudienceConnector::Refusals> Mailchimp::push(const Reach& reach, const std::string& list,
                                                    std::span<const AudienceMember> entered,
                                                    std::span<const AudienceMember> left,
                                                    std::string_view) {
  Refusals refusals;
  if (!entered.empty()) TRY(enter(reach, list, entered, refusals));
  TRY(leave(reach, list, left, refusals));
  return refusals;
}

}  // namespace piggy
