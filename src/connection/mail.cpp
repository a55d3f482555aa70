#include "connection/mail.h"
#include "base/hex.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

namespace piggy {
namespace {

constexpr ConnectorInfo about_mail = {
    .name = "email",
    .title = "E-mail",
    .about =
        "E-mails to single people, by this installation's mail server. With a key they go by a "
        "mail server of yours: smtps://user:password@mail.example.com."};

// An e-mail's name: of a key of any form, what a Message-ID and a file may be called.
std::string name_of(std::string_view key) {
  unsigned char digest[16];
  crypto_generichash(digest, sizeof digest, reinterpret_cast<const unsigned char*>(key.data()),
                     key.size(), nullptr, 0);
  return to_hex(digest);
}

}  // namespace

Mail::Mail(MailPool& pool, const Clock& clock) : pool_(pool), clock_(clock) {
  add<SendMail>(*this);
}

const ConnectorInfo& Mail::info() const { return about_mail; }

Result<> Mail::may_be(const Reach& reach) const {
  std::vector<FieldError> problems;
  for (auto [field, given] :
       {std::pair{"/key", !reach.key.empty()}, std::pair{"/base_url", !reach.base_url.empty()}}) {
    if (!given) continue;
    problems.push_back(
        {field, "This must be left out: e-mail goes by this installation's mail server."});
  }
  if (problems.empty()) return {};
  return fail_fields(std::move(problems));
}

Result<Whose> Mail::check(const Reach&) {
  if (pool_.options().smtp_url.empty() && pool_.options().outbox_folder.empty()) {
    return fail(ErrorCode::conflict,
                "This installation sends no e-mail: it has no smtp_url among its settings.");
  }
  return Whose{.name = pool_.options().from};
}

Result<> Mail::send(Email email, const std::string& name) {
  return send_email(pool_, clock_.now(), std::move(email), name);
}

void SendMail::check(const Input& input, std::vector<FieldError>& problems) {
  bool one_line = std::ranges::none_of(
      input.subject, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
  if (!one_line) problems.push_back({"/subject", "A subject is one line of plain text."});
}

Result<SendMail::Output> SendMail::act(Mail& mail, const Reach&, const Input& input,
                                       const OutsideRequest& request) {
  // A mail server keeps no list of what it has sent: nobody gets the same letter twice.
  if (request.perhaps_done) {
    return fail(ErrorCode::conflict,
                "This was interrupted after it may have been handed to the mail server. It is not "
                "sent again.");
  }
  TRY(mail.send({.to = input.to, .subject = input.subject, .text = input.text},
                name_of(request.idempotency_key)));
  return Output{.to = input.to};
}

}  // namespace piggy
