#include "connection/klaviyo.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <thread>

#include "base/lower_case.h"
#include "http/form.h"
#include "shape/json.h"

namespace piggy {
namespace {

using std::chrono::milliseconds;

constexpr ConnectorInfo about_klaviyo = {
    .name = "klaviyo",
    .title = "Klaviyo",
    .about =
        "Lists of a Klaviyo account. The private key needs the scopes accounts:read, lists:read, "
        "lists:write, profiles:read and profiles:write.",
    .key = "Private API key (pk_…)",
    .base_url = "https://a.klaviyo.com"};

constexpr std::string_view revision = "2026-07-15";
constexpr int pages_max = 100;
// Together less than half a minute.
constexpr int looks_max = 14;
constexpr milliseconds first_look{100};
constexpr milliseconds look_max{3'000};

std::unexpected<Error> unreadable() {
  return fail(ErrorCode::unavailable, "Klaviyo gave an answer that cannot be read.");
}

std::string said(const http::Response& response) {
  auto answer = parse_json(response.body);
  const Value* errors = answer ? answer->find("errors") : nullptr;
  if (!errors || !errors->items() || errors->items()->empty()) return "";
  return std::string(errors->items()->front().text_of("detail"));
}

Value resource(std::string_view type, std::string_view id) {
  return Value::object({{"type", type}, {"id", id}});
}

Value data_of(Value data) { return Value::object({{"data", std::move(data)}}); }

const Value* attribute(const Value& one, std::string_view name) {
  const Value* attributes = one.find("attributes");
  return attributes ? attributes->find(name) : nullptr;
}

std::string_view attribute_text(const Value& one, std::string_view name) {
  const Value* attributes = one.find("attributes");
  return attributes ? attributes->text_of(name) : std::string_view();
}

// The cursor of the next page. The link leads wherever a stranger says; only its cursor is used.
std::string next_cursor(const Value& answer) {
  const Value* links = answer.find("links");
  if (!links) return "";
  std::string_view next = links->text_of("next");
  for (std::string_view name : {"page%5Bcursor%5D=", "page[cursor]="}) {
    std::size_t begin = next.find(name);
    if (begin == std::string_view::npos) continue;
    begin += name.size();
    std::string_view cursor = next.substr(begin, next.find('&', begin) - begin);
    auto decoded = http::percent_decode(cursor, true);
    return decoded ? "&page%5Bcursor%5D=" + http::percent_encode(*decoded) : "";
  }
  return "";
}

// The place of a profile that an error points at: "/data/attributes/profiles/data/3/attributes/…".
std::optional<std::size_t> place_in(const Value& error) {
  const Value* source = attribute(error, "source");
  std::string_view pointer = source ? source->text_of("pointer") : std::string_view();
  constexpr std::string_view begin = "profiles/data/";
  std::size_t at = pointer.find(begin);
  if (at == std::string_view::npos) return {};
  std::size_t place = 0;
  auto [end, problem] =
      std::from_chars(pointer.data() + at + begin.size(), pointer.data() + pointer.size(), place);
  return problem == std::errc() ? std::optional(place) : std::nullopt;
}

// The address in what an error gives back of the profile, wherever it stands in it.
std::string_view email_in(const Value& payload) {
  if (std::string_view email = payload.text_of("email"); !email.empty()) return email;
  return attribute_text(payload, "email");
}

}  // namespace

Klaviyo::Klaviyo(ServiceClient::Options options, const Clock& clock)
    : client_(std::string(about_klaviyo.title), options, clock), sleep_(options.sleep) {
  if (!sleep_) sleep_ = [](milliseconds pause) { std::this_thread::sleep_for(pause); };
  add_audience_tools();
}

const ConnectorInfo& Klaviyo::info() const { return about_klaviyo; }

Result<> Klaviyo::may_be(const Reach& reach) const {
  TRY(read_base_url(reach.base_url));
  std::string_view key = reach.key.view();
  bool fits =
      key.size() > 3 && std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
  if (fits) return {};
  return fail_field("/key", "The key must be a private API key as Klaviyo shows it.");
}

Result<Whose> Klaviyo::check(const Reach& reach) {
  Value answer = TRY(ask(reach, "GET", "/api/accounts"));
  const Value* data = answer.find("data");
  if (!data || !data->items() || data->items()->empty()) return unreadable();
  const Value& account = data->items()->front();
  const Value* contact = attribute(account, "contact_information");
  return Whose{.name = std::string(contact ? contact->text_of("organization_name") : ""),
               .settings = Value::object({{"account", account.text_of("id")}})};
}

std::string Klaviyo::wrong_with_list(std::string_view list) const {
  bool fits = !list.empty() && list.size() <= 50 && std::ranges::all_of(list, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
  return fits ? "" : "A list's id is of letters and digits.";
}

Result<Value> Klaviyo::ask(const Reach& reach, std::string_view method, const std::string& path,
                           const Value& body) const {
  ServiceRequest request{
      .method = std::string(method),
      .url = TRY(read_base_url(reach.base_url)).prefix + path,
      .headers = {"Accept: application/vnd.api+json", fmt::format("revision: {}", revision),
                  fmt::format("Authorization: Klaviyo-API-Key {}", reach.key.view())},
      .writes = method != "GET",
      .harmless = true,
      .refusals = true};
  if (!body.is_null()) {
    request.headers.push_back("Content-Type: application/vnd.api+json");
    request.body = to_json(body);
  }
  http::Response response = TRY(client_.ask(request));
  if (response.status / 100 != 2) {
    return fail(audience_refusal(about_klaviyo.title, response.status, said(response)));
  }
  if (response.body.empty()) return Value::object();
  auto answer = parse_json(response.body);
  if (!answer || !answer->members()) return unreadable();
  return *std::move(answer);
}

Result<std::vector<AudienceList>> Klaviyo::lists(const Reach& reach) {
  std::vector<AudienceList> lists;
  std::string cursor;
  for (int page = 0; page < pages_max; page++) {
    Value answer = TRY(ask(reach, "GET", "/api/lists?fields%5Blist%5D=name" + cursor));
    const Value* data = answer.find("data");
    if (!data || !data->items()) return unreadable();
    for (const Value& list : *data->items()) {
      lists.push_back({.id = std::string(list.text_of("id")),
                       .name = std::string(attribute_text(list, "name"))});
    }
    cursor = next_cursor(answer);
    if (cursor.empty()) break;
  }
  return lists;
}

Result<std::int64_t> Klaviyo::count(const Reach& reach, const std::string& list) {
  Value answer = TRY(ask(
      reach, "GET", fmt::format("/api/lists/{}?additional-fields%5Blist%5D=profile_count", list)));
  const Value* data = answer.find("data");
  const Value* count = data ? attribute(*data, "profile_count") : nullptr;
  if (!count || !count->integer()) return unreadable();
  return *count->integer();
}

Result<std::int64_t> Klaviyo::failures_when_done(const Reach& reach, const std::string& job) const {
  milliseconds pause = first_look;
  for (int look = 0; look < looks_max; look++) {
    Value answer = TRY(ask(
        reach, "GET", fmt::format("/api/profile-bulk-import-jobs/{}", http::percent_encode(job))));
    const Value* data = answer.find("data");
    if (!data) return unreadable();
    std::string_view status = attribute_text(*data, "status");
    if (status == "complete") {
      const Value* failed = attribute(*data, "failed_count");
      return failed && failed->integer() ? *failed->integer() : 0;
    }
    if (status == "cancelled") {
      return fail(ErrorCode::conflict, "The import was cancelled at Klaviyo.");
    }
    sleep_(pause);
    pause = std::min(pause * 2, look_max);
  }
  return fail(ErrorCode::unavailable, "Klaviyo is not done with its import yet.");
}

Result<> Klaviyo::read_refusals(const Reach& reach, const std::string& job,
                                std::span<const AudienceMember> members, Refusals& refusals) const {
  std::string cursor;
  for (int page = 0; page < pages_max; page++) {
    Value answer =
        TRY(ask(reach, "GET",
                fmt::format("/api/profile-bulk-import-jobs/{}/import-errors?page%5Bsize%5D=100{}",
                            http::percent_encode(job), cursor)));
    const Value* data = answer.find("data");
    if (!data || !data->items()) return unreadable();
    for (const Value& error : *data->items()) {
      const Value* payload = attribute(error, "original_payload");
      std::string email = lower_case(payload ? email_in(*payload) : std::string_view());
      std::optional<std::size_t> place = place_in(error);
      auto meant = std::ranges::find_if(
          members, [&](const AudienceMember& one) { return lower_case(one.email) == email; });
      if (meant == members.end() && place && *place < members.size()) {
        meant = members.begin() + static_cast<std::ptrdiff_t>(*place);
      }
      if (meant == members.end()) continue;
      refusals.push_back({meant->email, fmt::format("Klaviyo refused it: {}",
                                                    quoted(attribute_text(error, "detail")))});
    }
    cursor = next_cursor(answer);
    if (cursor.empty()) break;
  }
  return {};
}

Result<> Klaviyo::enter(const Reach& reach, const std::string& list,
                        std::span<const AudienceMember> members, Refusals& refusals) const {
  Value profiles = Value::list(), lists = Value::list();
  for (const AudienceMember& member : members) {
    Value attributes = Value::object({{"email", member.email}});
    if (!member.id.empty()) attributes.set("external_id", member.id);
    profiles.push(Value::object({{"type", "profile"}, {"attributes", attributes}}));
  }
  lists.push(resource("list", list));
  Value job =
      Value::object({{"type", "profile-bulk-import-job"},
                     {"attributes", Value::object({{"profiles", data_of(std::move(profiles))}})},
                     {"relationships", Value::object({{"lists", data_of(std::move(lists))}})}});
  Value answer = TRY(ask(reach, "POST", "/api/profile-bulk-import-jobs", data_of(std::move(job))));
  const Value* data = answer.find("data");
  std::string id(data ? data->text_of("id") : std::string_view());
  if (id.empty()) return unreadable();
  std::int64_t failures = TRY(failures_when_done(reach, id));
  if (failures == 0) return {};
  TRY(read_refusals(reach, id, members, refusals));
  if (!refusals.empty()) return {};
  return fail(ErrorCode::unavailable, "Klaviyo refused some of it and does not say whom.");
}

Result<> Klaviyo::leave(const Reach& reach, const std::string& list,
                        std::span<const AudienceMember> members) const {
  std::string emails;
  for (const AudienceMember& member : members) {
    emails += (emails.empty() ? "" : ",") + to_json(Value(member.email));
  }
  Value answer =
      TRY(ask(reach, "GET",
              fmt::format("/api/profiles?fields%5Bprofile%5D=email&page%5Bsize%5D=100&filter={}",
                          http::percent_encode(fmt::format("any(email,[{}])", emails)))));
  const Value* data = answer.find("data");
  if (!data || !data->items()) return unreadable();
  Value ids = Value::list();
  for (const Value& profile : *data->items()) {
    ids.push(resource("profile", profile.text_of("id")));
  }
  if (ids.items()->empty()) return {};
  TRY(ask(reach, "DELETE", fmt::format("/api/lists/{}/relationships/profiles", list),
          data_of(std::move(ids))));
  return {};
}

Result<AudienceConnector::Refusals> Klaviyo::push(const Reach& reach, const std::string& list,
                                                  std::span<const AudienceMember> entered,
                                                  std::span<const AudienceMember> left,
                                                  std::string_view) {
  Refusals refusals;
  if (!entered.empty()) TRY(enter(reach, list, entered, refusals));
  if (!left.empty()) TRY(leave(reach, list, left));
  return refusals;
}

}  // namespace piggy
