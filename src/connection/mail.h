#pragma once

// E-mail, by the installation's own mail server.

#include "connection/declared_connector.h"
#include "email/send.h"

namespace piggy {

class Mail final : public DeclaredConnector {
 public:
  Mail(MailPool& pool, const Clock& clock);

  const ConnectorInfo& info() const override;
  Result<> may_be(const Reach& reach) const override;
  // Sends nothing: only whether there is a way to send.
  Result<Whose> check(const Reach& reach) override;

  // `name` is the e-mail's own, the same however often it is sent.
  Result<> send(Email email, const std::string& name);

 private:
  MailPool& pool_;
  const Clock& clock_;
};

struct SendMail {
  static constexpr OperationInfo info = {
      .name = "send_message",
      .title = "Send E-mail",
      .about = "Sends one e-mail to one person, as plain text. It cannot be taken back.",
      .scope = "connections:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string to = {};
    std::string subject = {};
    std::string text = {};
    static void describe(Fields<Input>& field) {
      field("to", &Input::to, "The person's address.", {.max = 254, .format = Format::email});
      field("subject", &Input::subject, "The subject, one line.", {.min = 1, .max = 300});
      field("text", &Input::text, "What is written, as plain text.", {.min = 1, .max = 50'000});
    }
  };
  struct Output {
    std::string to = {};
    static void describe(Fields<Output>& field) { field("to", &Output::to, "Where it was sent."); }
  };
  static void check(const Input& input, std::vector<FieldError>& problems);
  static Amounts amounts(const Input&, const Output&) { return {.contacts = 1}; }
  static Result<Output> act(Mail& mail, const Reach& reach, const Input& input,
                            const OutsideRequest& request);
};

}  // namespace piggy
