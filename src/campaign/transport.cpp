#include "campaign/transport.h"

#include <fmt/format.h>

namespace piggy {

MailTransport single_transport(EmailOptions options) {
  return [options = std::move(options)](const MailMessage& mail) -> HandoverOutcome {
    auto message = email_message(mail.email, mail.stamp);
    if (!message) return {HandedOver::refused_for_good, message.error().message};
    std::string headers;
    for (const auto& [name, value] : mail.headers) {
      headers += fmt::format("{}: {}\r\n", name, value);
    }
    std::string name = mail.stamp.message_id.substr(0, mail.stamp.message_id.find('@'));
    SmtpOutcome outcome = send_message(options, address_in(mail.email.from),
                                       address_in(mail.email.to), headers + *message, name);
    if (outcome.taken) return {};
    if (outcome.may_be_taken) return {HandedOver::unknown, outcome.words};
    bool for_good = outcome.code >= 500;
    return {for_good ? HandedOver::refused_for_good : HandedOver::refused_for_now, outcome.words};
  };
}

bool says_no_mailbox(std::string_view words) {
  for (std::string_view code : {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"}) {
    std::size_t at = words.find(code);
    if (at == std::string_view::npos) continue;
    char next = at + code.size() < words.size() ? words[at + code.size()] : ' ';
    bool longer = next >= '0' && next <= '9';
    if (!longer) return true;
  }
  // libcurl tells of a refused recipient by the code alone.
  return words.contains("RCPT failed: 550") || words.contains("RCPT failed: 553");
}

}  // namespace piggy
