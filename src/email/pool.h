#pragma once

// The one way by which mail leaves: composed, signed when there is a key (dkim.h), kept in the
// outbox folder when there is one, and handed over to the mail server on connections that are kept.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "email/dkim.h"
#include "email/email.h"

namespace piggy {

struct EmailOptions {
  // Where they are handed over: smtp://host:port or smtps://…, user and password within when
  // needed. STARTTLS is used where it is offered. Empty: no sending.
  std::string smtp_url = {};
  // Where each is also written as a file, <name>.eml, for reading without a mail server. Empty: no
  // files.
  std::string outbox_folder = {};
  std::string from = "Piggy <no-reply@localhost>";  // For e-mails that do not say.
  std::size_t connections = 4;                      // To the mail server, at a time.
  DkimOptions dkim = {};
};

struct Outgoing {
  Email email = {};
  EmailStamp stamp = {};
  std::vector<EmailHeader> headers = {};
};

BOOST_DEFINE_ENUM_CLASS(Handover,
                        taken,             // It is the mail server's now.
                        refused_for_good,  // The same would be refused again.
                        refused_for_now,   // Nobody has it; later it may be taken.
                        unknown)  // All of it was sent and no answer came: it may be taken.

struct HandoverAnswer {
  Handover result = Handover::unknown;
  // What the mail server said last, or what became of the connection: one line of printable ASCII,
  // 500 characters at most. A stranger's words.
  std::string words = {};
  // The number of the reply that decided, such as 250 or 550; 0 when no reply did.
  int reply = 0;
  // It was an answer to the recipient's address, not to what or who sends.
  bool about_recipient = false;
};

class MailPool {
 public:
  // `invalid` for a DKIM key that cannot be used. Connects to nothing yet.
  static Result<std::unique_ptr<MailPool>> open(EmailOptions options);
  ~MailPool();  // After the last hand_over() has returned.
  MailPool(const MailPool&) = delete;

  // Blocks: for one of the connections, then for the mail server, half a minute at most.
  // Thread-safe. An e-mail that does not say who sends it is sent by the options' `from`; a stamp
  // that has no Message-ID for it should come from message_id_of().
  //
  // A refusal for good is a reply 5xx to the sender, the recipient or the message. Not to the
  // greeting, a password or a missing one: that is ours to set right, and is no verdict on an
  // e-mail. A kept connection that turns out to be dead before the message was begun is replaced
  // once.
  HandoverAnswer hand_over(const Outgoing& outgoing);

  const EmailOptions& options() const { return options_; }

 private:
  struct Connection;
  struct Lease;

  explicit MailPool(EmailOptions options);
  Result<std::string> compose(const Outgoing& outgoing) const;
  HandoverAnswer send(std::string_view from, std::string_view to, std::string_view message);

  EmailOptions options_;
  std::optional<DkimSigner> signer_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::vector<std::unique_ptr<Connection>> idle_;  // The one used last is taken first.
  std::size_t in_use_ = 0;
};

// The Message-ID of an e-mail that is called so: NAME@DOMAIN, the domain its sender's.
std::string message_id_of(std::string_view name, std::string_view from);

}  // namespace piggy
