#include "door/portal_page.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <span>

#include "base/hex.h"
#include "contact/auth_token.h"
#include "contact/subscription_operations.h"
#include "contact/verification_operations.h"
#include "door/presentation.h"
#include "door/rest.h"
#include "door/session_cookie.h"
#include "erasure/operations.h"
#include "http/accept_language.h"
#include "http/form.h"
#include "portal/operations.h"
#include "referral/operations.h"
#include "reward/operations.h"
#include "reward/transaction_operations.h"
#include "tier/operations.h"
#include "voucher/operations.h"

namespace piggy {
namespace {

constexpr std::string_view cookie_name = "piggy_portal";
constexpr std::string_view operations = "operations/";

// No other site's page may read what these answer.
constexpr std::string_view own_headers =
    "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: "
    "no-referrer\r\n";

// What customers may call, in which field of it they stand themselves, whatever they say, and what
// is shown of each row: what a shop notes for itself is not for its customers' eyes.
struct Allowed {
  std::string_view operation;
  std::string_view contact_field;
  std::span<const std::string_view> shown = {};  // Empty: all.
  bool signed_in = true;
};
constexpr std::string_view of_transactions[] = {"type", "credits", "created_at",
                                                "shop", "title",   "digital_reward_code"};
constexpr std::string_view of_vouchers[] = {"uuid",
                                            "code",
                                            "status",
                                            "name",
                                            "description",
                                            "expiration_date",
                                            "activation_date",
                                            "redeemed_at",
                                            "redemptions_remaining"};
constexpr std::string_view of_rewards[] = {
    "uuid", "title", "description", "reward_type", "required_credits", "media"};
constexpr Allowed allowed[] = {
    {GetBrand::info.name, "", {}, false},
    {GetLoyaltyCard::info.name, "contact_uuid"},
    {GetReferralCard::info.name, "contact_uuid"},
    {ListTiers::info.name, ""},
    {ListContactLoyaltyTransactions::info.name, "contact_uuid", of_transactions},
    {ListVouchers::info.name, "contact_uuid", of_vouchers},
    {ListRewards::info.name, "contact_uuid", of_rewards},
    {ListContactSubscriptions::info.name, "contact_uuid"},
    {SubscribeContact::info.name, "contact_uuid"},
    {UnsubscribeContact::info.name, "contact_uuid"},
    {PreviewErasure::info.name, "contact_uuid"},
    {AskForErasure::info.name, "contact_uuid"},
    {WithdrawErasureRequest::info.name, "contact_uuid"},
};

http::Response json(std::string body) {
  return {.body = std::move(body), .fixed_headers = own_headers};
}

http::Response problem(const Error& error) {
  http::Response response = error_response(error, true);
  response.fixed_headers = own_headers;
  return response;
}

std::unexpected<Error> not_signed_in() {
  return fail(ErrorCode::unauthenticated, "Please sign in.");
}

Hash seal_of(const Caller& account, std::string_view text) {
  return account_hash(account, "portal session", text);
}

// Leaves the named fields in the rows of an answer's lists.
void show_only(std::span<const std::string_view> names, Value& answer) {
  if (names.empty()) return;
  for (Member& member : *answer.members()) {
    if (!member.value.items()) continue;
    for (Value& row : *member.value.items()) {
      std::erase_if(*row.members(), [&](const Member& field) {
        return std::ranges::find(names, field.name) == names.end();
      });
    }
  }
}

}  // namespace

std::string make_portal_session(const Caller& account, const Uuid& contact, Time expires_at) {
  std::string text = fmt::format("{}.{}", to_string(contact), expires_at.microseconds);
  return text + "." + to_hex(seal_of(account, text));
}

std::optional<Uuid> contact_of_portal_session(const Caller& account, std::string_view session,
                                              Time now) {
  std::size_t seal = session.rfind('.');
  if (seal == std::string_view::npos) return std::nullopt;
  std::string_view text = session.substr(0, seal);
  std::string right = to_hex(seal_of(account, text));
  std::string_view given = session.substr(seal + 1);
  if (given.size() != right.size() ||
      sodium_memcmp(given.data(), right.data(), right.size()) != 0) {
    return std::nullopt;
  }
  std::size_t point = text.find('.');
  Time expires_at;
  std::string_view digits = text.substr(point + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), expires_at.microseconds);
  if (expires_at <= now) return std::nullopt;
  return parse_uuid(text.substr(0, point));
}

namespace {

// For one shop's page alone; an empty session ends it.
std::string cookie_of(std::string_view session, std::string_view account_path, bool https) {
  return fmt::format("{}={}; Path={}{}; HttpOnly; SameSite=Strict{}; Max-Age={}", cookie_name,
                     session, PortalPage::folder, account_path, https ? "; Secure" : "",
                     session.empty() ? 0 : PortalPage::session_lifetime / microseconds_per_second);
}

}  // namespace

struct PortalPage::Visit {
  std::shared_ptr<const Caller> account;
  std::string account_path;  // As it stands in the address.
  http::Request request;
  http::Responder responder;

  void answer(Result<http::Response> response) {
    responder.respond(response ? *std::move(response) : problem(response.error()));
  }
};

bool PortalPage::serves(const http::Request& request) {
  return request.path.starts_with(folder) &&
         (request.method == http::Method::post || request.method == http::Method::del);
}

void PortalPage::handle(http::Request request, http::Responder responder) {
  std::string path = request.path.substr(folder.size());
  std::size_t slash = std::min(path.find('/'), path.size());
  std::string rest = path.substr(std::min(path.size(), slash + 1));
  path.resize(slash);
  auto refuse = [&](const Error& error) { responder.respond(problem(error)); };
  auto name = http::percent_decode(path, false);
  auto account = callers_.owner_of(name.value_or(""));
  if (!account) {
    return refuse({.code = ErrorCode::not_found, .message = "There is no such shop."});
  }
  if (request.method == http::Method::del && rest == "session") {
    http::Response response = json("{\"data\":{}}");
    response.headers.push_back({"Set-Cookie", cookie_of("", path, https_)});
    return responder.respond(std::move(response));
  }
  // A form of another site cannot send this type, and its scripts must ask first.
  if (!request.header("content-type").starts_with("application/json")) {
    return refuse({.code = ErrorCode::invalid, .message = "The body must be JSON."});
  }
  auto input = http::parse_body(request.header("content-type"), request.body);
  if (!input) return refuse(input.error());
  if (!input->members()) {
    return refuse({.code = ErrorCode::invalid, .message = "The body must be an object."});
  }
  auto visit = std::make_shared<Visit>(
      Visit{*std::move(account), std::move(path), std::move(request), std::move(responder)});
  if (rest == "code") return send_code(visit, *input);
  if (rest == "session") return sign_in(visit, *input);
  if (rest.starts_with(operations)) {
    return call(visit, std::string_view(rest).substr(operations.size()), *std::move(input));
  }
  visit->answer(fail(ErrorCode::not_found, "There is no such page."));
}

// Whether the address is known is told to nobody.
void PortalPage::send_code(const std::shared_ptr<Visit>& visit, const Value& input) {
  Value asked = Value::object({{"email", input.text_of("email")}});
  dispatch_.call({.operation = catalogue_.find(SendContactVerificationEmail::info.name),
                  .caller = visit->account,
                  .input = std::move(asked),
                  .prepared = std::make_shared<const SendContactVerificationEmail::Prepared>(
                      http::language_asked_for(visit->request.header("accept-language")))},
                 [visit](Result<Answer> answer) {
                   if (!answer && answer.error().code != ErrorCode::not_found) {
                     return visit->answer(std::unexpected(answer.error()));
                   }
                   visit->answer(json(R"({"data":{"sent":true}})"));
                 });
}

void PortalPage::sign_in(const std::shared_ptr<Visit>& visit, const Value& input) {
  bool by_token = input.find("token") != nullptr;
  Value asked =
      by_token
          ? Value::object({{"token", input.text_of("token")}})
          : Value::object({{"email", input.text_of("email")}, {"code", input.text_of("code")}});
  std::string_view name = by_token ? SignInWithAuthToken::info.name : VerifyLoginCode::info.name;
  Time expires_at = dispatch_.database().clock().now() + session_lifetime;
  bool https = https_;
  dispatch_.call(
      {.operation = catalogue_.find(name), .caller = visit->account, .input = std::move(asked)},
      [visit, expires_at, https, by_token](Result<Answer> answer) {
        if (!answer) return visit->answer(std::unexpected(answer.error()));
        const void* output = answer->output.data();
        Uuid contact = by_token ? static_cast<const SignInWithAuthToken::Output*>(output)->uuid
                                : static_cast<const VerifyLoginCode::Output*>(output)->uuid;
        http::Response response = json("{\"data\":{}}");
        std::string session = make_portal_session(*visit->account, contact, expires_at);
        response.headers.push_back({"Set-Cookie", cookie_of(session, visit->account_path, https)});
        visit->answer(std::move(response));
      });
}

void PortalPage::call(const std::shared_ptr<Visit>& visit, std::string_view operation,
                      Value input) {
  const Allowed* one = std::ranges::find(allowed, operation, &Allowed::operation);
  if (one == std::end(allowed)) {
    return visit->answer(fail(ErrorCode::not_found, "Customers cannot do this."));
  }
  if (one->signed_in) {
    auto contact =
        contact_of_portal_session(*visit->account, cookie_in(visit->request, cookie_name),
                                  dispatch_.database().clock().now());
    if (!contact) return visit->answer(not_signed_in());
    if (!one->contact_field.empty()) {
      input.set(one->contact_field, to_string(*contact));
    }
  }
  dispatch_.call({.operation = catalogue_.find(operation),
                  .caller = visit->account,
                  .input = std::move(input),
                  .reading = Reading::words},
                 [visit, one](Result<Answer> answer) {
                   if (!answer) return visit->answer(std::unexpected(answer.error()));
                   Value told = value_of(answer->output.shape(), answer->output.data());
                   show_only(one->shown, told);
                   visit->answer(json(to_json(Value::object({{"data", std::move(told)}}))));
                 });
}

}  // namespace piggy
