#include "connection/listmonk.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <charconv>

#include "base/lower_case.h"
#include "http/form.h"
#include "shape/json.h"

namespace piggy {
namespace {

constexpr ConnectorInfo about_listmonk = {
    .name = "listmonk",
    .title = "listmonk",
    .about =
        "Mailing lists of a listmonk of yours. The user of its API needs the permissions "
        "lists:get_all, subscribers:get_all, subscribers:manage and subscribers:sql_query.",
    .key = "API user and its token (user:token)"};

constexpr std::int64_t lists_on_a_page = 100;
constexpr std::int64_t pages_max = 50;

std::unexpected<Error> unreadable() {
  return fail(ErrorCode::unavailable, "listmonk gave an answer that cannot be read.");
}

std::int64_t number_of(std::string_view text) {
  std::int64_t number = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc() && end == text.data() + text.size() ? number : 0;
}

std::int64_t integer_in(const Value& value, std::string_view name) {
  const Value* found = value.find(name);
  return found && found->integer() ? *found->integer() : 0;
}

std::string basic(std::string_view key) {
  std::string text(sodium_base64_ENCODED_LEN(key.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(key.data()),
                    key.size(), sodium_base64_VARIANT_ORIGINAL);
  text.resize(text.size() - 1);  // Its final zero.
  return text;
}

// listmonk reads SQL there; an address is a literal of it and nothing more.
std::string literal(std::string_view email) {
  std::string text = "'";
  for (char c : email) text += c == '\'' ? std::string("''") : std::string(1, c);
  return text + "'";
}

std::string said(const http::Response& response) {
  auto answer = parse_json(response.body);
  return answer ? std::string(answer->text_of("message")) : "";
}

}  // namespace

struct Listmonk::Known {
  std::int64_t id = 0;
  std::string email = {};
  bool blocklisted = false;
  bool unsubscribed = false;  // From this list, there.
};

Listmonk::Listmonk(ServiceClient::Options options, const Clock& clock)
    : client_(std::string(about_listmonk.title), std::move(options), clock) {
  add_audience_tools();
}

const ConnectorInfo& Listmonk::info() const { return about_listmonk; }

Result<> Listmonk::may_be(const Reach& reach) const {
  TRY(read_base_url(reach.base_url));
  std::string_view key = reach.key.view();
  std::size_t colon = key.find(':');
  bool fits = colon != 0 && colon != std::string_view::npos && colon + 1 < key.size() &&
              std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
  if (fits) return {};
  return fail_field("/key", "The key must be the API user's name, a colon and its token.");
}

Result<Whose> Listmonk::check(const Reach& reach) {
  TRY(ask(reach, "GET", "/api/lists?page=1&per_page=1"));
  BaseUrl base = TRY(read_base_url(reach.base_url));
  return Whose{.name = base.host, .settings = Value::object({{"account", base.prefix}})};
}

std::string Listmonk::wrong_with_list(std::string_view list) const {
  return number_of(list) > 0 ? "" : "A list of listmonk is a number.";
}

Result<http::Response> Listmonk::send(const Reach& reach, std::string_view method,
                                      const std::string& path, const Value& body) const {
  ServiceRequest request{
      .method = std::string(method),
      .url = TRY(read_base_url(reach.base_url)).prefix + path,
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
  if (response.status == 401) return fail(audience_refusal(about_listmonk.title, 401, ""));
  return response;
}

// What it answers as `data`.
Result<Value> Listmonk::ask(const Reach& reach, std::string_view method, const std::string& path,
                            const Value& body) const {
  http::Response response = TRY(send(reach, method, path, body));
  if (response.status / 100 != 2) {
    return fail(audience_refusal(about_listmonk.title, response.status, said(response)));
  }
  auto answer = parse_json(response.body);
  Value* data = answer ? answer->find("data") : nullptr;
  if (!data) return unreadable();
  return std::move(*data);
}

Result<std::vector<AudienceList>> Listmonk::lists(const Reach& reach) {
  std::vector<AudienceList> lists;
  for (std::int64_t page = 1; page <= pages_max; page++) {
    Value data = TRY(
        ask(reach, "GET", fmt::format("/api/lists?page={}&per_page={}", page, lists_on_a_page)));
    const Value* results = data.find("results");
    if (!results || !results->items()) return unreadable();
    for (const Value& list : *results->items()) {
      lists.push_back({.id = std::to_string(integer_in(list, "id")),
                       .name = std::string(list.text_of("name")),
                       .members = integer_in(list, "subscriber_count")});
    }
    if (std::ssize(lists) >= integer_in(data, "total") || results->items()->empty()) break;
  }
  return lists;
}

Result<std::int64_t> Listmonk::count(const Reach& reach, const std::string& list) {
  // A list that is not there has no subscribers either, and that would be told as zero.
  TRY(ask(reach, "GET", fmt::format("/api/lists/{}", number_of(list))));
  Value data = TRY(ask(reach, "GET",
                       fmt::format("/api/subscribers?list_id={}&subscription_status=confirmed"
                                   "&page=1&per_page=1",
                                   number_of(list))));
  const Value* total = data.find("total");
  if (!total || !total->integer()) return unreadable();
  return *total->integer();
}

Result<std::vector<Listmonk::Known>> Listmonk::known(
    const Reach& reach, std::int64_t list, std::span<const AudienceMember> members) const {
  std::string emails;
  for (const AudienceMember& member : members) {
    emails += (emails.empty() ? "" : ",") + literal(lower_case(member.email));
  }
  Value data =
      TRY(ask(reach, "GET",
              fmt::format("/api/subscribers?page=1&per_page={}&query={}", members.size(),
                          http::percent_encode(fmt::format("subscribers.email IN ({})", emails)))));
  const Value* results = data.find("results");
  if (!results || !results->items()) return unreadable();
  std::vector<Known> known;
  for (const Value& subscriber : *results->items()) {
    Known& one =
        known.emplace_back(Known{.id = integer_in(subscriber, "id"),
                                 .email = lower_case(subscriber.text_of("email")),
                                 .blocklisted = subscriber.text_of("status") == "blocklisted"});
    const Value* theirs = subscriber.find("lists");
    if (!theirs || !theirs->items()) continue;
    for (const Value& each : *theirs->items()) {
      if (integer_in(each, "id") != list) continue;
      one.unsubscribed = each.text_of("subscription_status") == "unsubscribed";
    }
  }
  return known;
}

Result<> Listmonk::change(const Reach& reach, std::int64_t list, std::string_view action,
                          const Value& ids) const {
  if (ids.items()->empty()) return {};
  Value targets = Value::list();
  targets.push(list);
  Value body = Value::object({{"ids", ids}, {"action", action}, {"target_list_ids", targets}});
  if (action == "add") body.set("status", "confirmed");
  TRY(ask(reach, "PUT", "/api/subscribers/lists", body));
  return {};
}

Result<> Listmonk::enter(const Reach& reach, std::int64_t list,
                         std::span<const AudienceMember> members, Refusals& refusals) const {
  std::vector<Known> theirs = TRY(known(reach, list, members));
  Value ids = Value::list(), lists = Value::list();
  lists.push(list);
  for (const AudienceMember& member : members) {
    auto found = std::ranges::find(theirs, lower_case(member.email), &Known::email);
    if (found != theirs.end() && found->blocklisted) {
      refusals.push_back({member.email, "listmonk has this address on its blocklist."});
    } else if (found != theirs.end() && found->unsubscribed) {
      refusals.push_back({member.email, "Unsubscribed from this list at listmonk."});
    } else if (found != theirs.end()) {
      ids.push(found->id);
    } else {
      Value attributes = Value::object();
      if (!member.id.empty()) attributes.set("contact_uuid", member.id);
      http::Response response =
          TRY(send(reach, "POST", "/api/subscribers",
                   Value::object({{"email", lower_case(member.email)},
                                  {"name", member.email.substr(0, member.email.find('@'))},
                                  {"status", "enabled"},
                                  {"lists", lists},
                                  {"attribs", attributes},
                                  {"preconfirm_subscriptions", true}})));
      if (response.status / 100 == 2) continue;
      if (response.status == 403 || response.status == 404) {
        return fail(audience_refusal(about_listmonk.title, response.status, said(response)));
      }
      // 409: somebody else, or a try of ours before this one, has made it.
      Result<std::vector<Known>> made = std::vector<Known>();
      if (response.status == 409) made = known(reach, list, {&member, 1});
      if (!made) return std::unexpected(made.error());
      if (!made->empty()) {
        ids.push(made->front().id);
      } else {
        refusals.push_back(
            {member.email, fmt::format("listmonk refused it: {}", quoted(said(response)))});
      }
    }
  }
  return change(reach, list, "add", ids);
}

Result<AudienceConnector::Refusals> Listmonk::push(const Reach& reach, const std::string& list,
                                                   std::span<const AudienceMember> entered,
                                                   std::span<const AudienceMember> left,
                                                   std::string_view) {
  Refusals refusals;
  std::int64_t id = number_of(list);
  if (!entered.empty()) TRY(enter(reach, id, entered, refusals));
  if (!left.empty()) {
    Value ids = Value::list();
    for (const Known& one : TRY(known(reach, id, left))) ids.push(one.id);
    TRY(change(reach, id, "remove", ids));
  }
  return refusals;
}

}  // namespace piggy
