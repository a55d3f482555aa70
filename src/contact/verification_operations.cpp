#include "contact/verification_operations.h"

#include <fmt/format.h>
#include <sodium.h>

#include "base/lower_case.h"
#include "contact/auth_token.h"
#include "contact/language.h"
#include "contact/words.h"
#include "email/email.h"
#include "http/form.h"
#include "operation/numbers.h"

namespace piggy {
namespace {

namespace words = contact_words;

constexpr std::int64_t code_lifetime = 900 * microseconds_per_second;
constexpr std::int64_t throttle_span = 600 * microseconds_per_second;
constexpr std::size_t sent_max = 3;  // In that span, to one address.
constexpr std::int64_t attempts_max = 5;

constexpr std::string_view select_sent = R"sql(
  SELECT created_at FROM verification
  WHERE account_id = $1 AND email = $2 AND created_at > $3 ORDER BY id
)sql";

constexpr std::string_view delete_old = R"sql(
  DELETE FROM verification WHERE account_id = $1 AND email = $2 AND created_at <= $3
)sql";

constexpr std::string_view insert_verification = R"sql(
  INSERT INTO verification (account_id, id, contact_id, email, code_hash, attempts, expires_at,
                            created_at)
  VALUES ($1, $2, $3, $4, $5, 0, $6, $7)
)sql";

constexpr std::string_view select_newest = R"sql(
  SELECT id, contact_id, code_hash, attempts, expires_at, used_at FROM verification
  WHERE account_id = $1 AND email = $2 ORDER BY id DESC LIMIT 1
)sql";

constexpr std::string_view count_attempt = R"sql(
  UPDATE verification SET attempts = attempts + 1 WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view mark_used = R"sql(
  UPDATE verification SET used_at = $3, attempts = attempts + 1
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view select_use = R"sql(
  SELECT used_at FROM auth_token_use WHERE account_id = $1 AND nonce = $2
)sql";

constexpr std::string_view insert_use = R"sql(
  INSERT INTO auth_token_use (account_id, nonce, used_at) VALUES ($1, $2, $3)
)sql";

constexpr std::string_view delete_old_uses = R"sql(
  DELETE FROM auth_token_use WHERE account_id = $1 AND used_at < $2
)sql";

struct VerificationRow {
  std::int64_t id = 0;
  std::int64_t contact_id = 0;
  Hash code_hash = {};
  std::int64_t attempts = 0;
  Time expires_at = {};
  std::optional<Time> used_at = {};
};

Hash code_hash(const Caller& caller, std::string_view email, std::string_view code) {
  return account_hash(caller, "verification code", fmt::format("{} {}", email, code));
}

std::unexpected<Error> wrong_code() {
  return refuse(ErrorCode::not_found, 13010, "Passcode not found.");
}

Result<> throttle(Call& call, const std::string& email) {
  auto sent = TRY(call.transaction.all<Time>(select_sent, {email, call.now() + -throttle_span}));
  if (sent.size() < sent_max) return {};
  std::int64_t wait = sent[sent.size() - sent_max] + throttle_span - call.now();
  return fail({.code = ErrorCode::too_many,
               .message = "Several e-mails went to this address just now. Try again later.",
               .number = 429,
               .retry_after_seconds = static_cast<int>(wait / microseconds_per_second + 1)});
}

AuthToken new_token(Call& call, const ContactRow& contact) {
  AuthToken token{.contact = contact.uuid, .expires_at = call.now() + auth_token_lifetime};
  call.transaction.random().fill(token.nonce);
  return token;
}

Email verification_email(Call& call, const ContactRow& contact, std::string_view code,
                         Language language) {
  std::string link = fmt::format(
      "{}/portal/{}?token={}", call.settings.public_url,
      http::percent_encode(call.caller.account_name),
      seal_auth_token(call.caller, new_token(call, contact), call.transaction.random()));
  const std::string& company = call.caller.company;
  std::string sign_in = words::sign_in_here.in(language);
  std::string not_asked_for = words::not_asked_for.in(language);
  std::string anchor = fmt::format("<a href=\"{}\">{}</a>", escape_html(link), sign_in);
  std::string strong = fmt::format("<strong>{}</strong>", escape_html(code));
  return {.from = call.settings.mail_from,
          .to = contact.email,
          .subject = words::code_subject.in(language, code, company),
          .text = fmt::format("{}\n\n{}: {}\n\n{}\n", words::code.in(language, company, code),
                              words::code_link.in(language, sign_in), link, not_asked_for),
          .html = fmt::format("<p>{}</p><p>{}.</p><p>{}</p>",
                              words::code.in(language, escape_html(company), strong),
                              words::code_link.in(language, anchor), not_asked_for)};
}

std::string_view bytes_of(const AuthToken& token) {
  return {reinterpret_cast<const char*>(token.nonce.data()), token.nonce.size()};
}

}  // namespace

Result<SendContactVerificationEmail::Output> SendContactVerificationEmail::run(
    Call& call, const Input& input, const std::optional<Language>& of_the_page) {
  std::string email = lower_case(input.email);
  auto contact = TRY(contact_by_email(call.transaction, email));
  if (!contact || contact->is_anonymous) return contact_not_found();
  TRY(throttle(call, email));
  // Codes beyond their time and the throttle's are of no use to anyone.
  TRY(call.transaction.run(delete_old, {email, call.now() + -code_lifetime}));
  std::string code = fmt::format("{:06}", call.transaction.random().below(1'000'000));
  TRY(call.transaction.run(insert_verification, {call.transaction.next_id(), contact->id, email,
                                                 code_hash(call.caller, email, code),
                                                 call.now() + code_lifetime, call.now()}));
  Language language =
      TRY(language_for(call.transaction, contact->id, of_the_page.value_or(Language::en)));
  TRY(queue_email(call.transaction, verification_email(call, *contact, code, language)));
  call.changes("e-mail to " + email, nullptr, "a code and a link to sign in");
  return Output{.type = "success",
                .message = fmt::format(
                    "An email containing a link to verify your email has been sent to {}. Please "
                    "check your spam / junk as well.",
                    email)};
}

Result<CreatedContact> VerifyLoginCode::run(Call& call, const Input& input) {
  std::string email = lower_case(input.email);
  auto row = TRY(call.transaction.first<VerificationRow>(select_newest, {email}));
  if (!row || row->used_at || row->expires_at <= call.now() || row->attempts >= attempts_max) {
    return wrong_code();
  }
  // Every try counts, also one that is refused and undone, and one of a dry run.
  call.transaction.if_undone([id = row->id](Transaction& transaction) -> Result<> {
    TRY(transaction.run(count_attempt, {id}));
    return {};
  });
  Hash given = code_hash(call.caller, email, input.code);
  if (sodium_memcmp(given.data(), row->code_hash.data(), given.size()) != 0) return wrong_code();
  TRY(call.transaction.run(mark_used, {row->id, call.now()}));
  ContactRow contact = TRY(contact_by_id(call.transaction, row->contact_id));
  call.changes("code of " + email, "waiting", "used");
  return CreatedContact{contact.uuid};
}

Result<GetContactAuthToken::Output> GetContactAuthToken::run(Call& call, const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  AuthToken token = new_token(call, contact);
  // A token is good by itself, not by what is stored: that of a dry run is made useless.
  if (call.dry_run) token.expires_at = call.now();
  call.changes("right to sign in as " + contact.email, nullptr, "once, for ten minutes");
  return Output{seal_auth_token(call.caller, token, call.transaction.random())};
}

Result<ContactReference> SignInWithAuthToken::run(Call& call, const Input& input) {
  auto token = open_auth_token(call.caller, input.token);
  if (!token) return fail_field("/token", "The token is not one of this account.");
  if (token->expires_at <= call.now()) {
    return refuse(ErrorCode::conflict, 3000, "The token is expired");
  }
  Transaction& transaction = call.transaction;
  if (TRY(transaction.first<Time>(select_use, {Bytes{bytes_of(*token)}}))) {
    return refuse(ErrorCode::conflict, 3000, "The token has been used.");
  }
  ContactRow contact = TRY(contact_of(transaction, token->contact));
  // Uses of tokens that are expired by now need not be known any more.
  TRY(transaction.run(delete_old_uses, {call.now() + -2 * auth_token_lifetime}));
  TRY(transaction.run(insert_use, {Bytes{bytes_of(*token)}, call.now()}));
  call.changes("token of " + contact.email, "unused", "used");
  return reference_to(contact);
}

}  // namespace piggy
