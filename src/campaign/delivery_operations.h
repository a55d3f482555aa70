#pragma once

// Addresses that get nothing, reports of what did not arrive, and one mail to one contact.

#include "campaign/mail_event.h"
#include "campaign/send.h"
#include "campaign/suppression.h"
#include "contact/contact.h"
#include "operation/operation.h"
#include "operation/page.h"

namespace piggy {

struct Suppression {
  std::string address = {};
  SuppressionReason reason = SuppressionReason::manual;
  std::string note = {};
  Time created_at = {};
  static void describe(Fields<Suppression>& field);
};

struct ListSuppressions {
  static constexpr OperationInfo info = {
      .name = "list_suppressions",
      .title = "List Suppressions",
      .about =
          "Lists the addresses that get no mail, newest first, and why: they bounced, complained, "
          "or were added by hand. Changes nothing.",
      .verb = Verb::get,
      .path = "/suppressions",
      .scope = "mail:read",
      .surface = Surface::platform};
  struct Input {
    std::optional<SuppressionReason> reason = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<Suppression> suppressions = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct AddSuppression {
  static constexpr OperationInfo info = {
      .name = "add_suppression",
      .title = "Add Suppression",
      .about =
          "Sees to it that an address gets no mail of campaigns, sequences or follow-ups any more, "
          "whoever it belongs to; what waits for it is not sent either. An address that is "
          "suppressed already keeps its reason.",
      .verb = Verb::post,
      .path = "/suppressions",
      .scope = "mail:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    std::string address = {};
    std::optional<std::string> note = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Suppression;
  static Result<Output> run(Call& call, const Input& input);
};

struct RemoveSuppression {
  static constexpr OperationInfo info = {.name = "remove_suppression",
                                         .title = "Remove Suppression",
                                         .about =
                                             "Lets an address get mail again. Only when you know "
                                             "that it works, or that its owner wants "
                                             "it: mail to addresses that bounce or complain harms "
                                             "the delivery of all other mail. What "
                                             "was suppressed meanwhile is not sent afterwards.",
                                         .verb = Verb::post,
                                         .path = "/suppressions/remove",
                                         .scope = "mail:write",
                                         .effect = Effect::write,
                                         .idempotent = true,
                                         .surface = Surface::platform};
  struct Input {
    std::string address = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::string address = {};
    bool was_suppressed = false;
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

BOOST_DEFINE_ENUM_CLASS(BounceSeverity, hard, soft)

// What both reports answer.
struct DeliveryReport {
  Uuid contact_uuid = {};
  bool suppressed = false;
  static void describe(Fields<DeliveryReport>& field);
};

struct RecordBounce {
  static constexpr OperationInfo info = {
      .name = "record_bounce",
      .title = "Record Bounce",
      .about =
          "Notes that a mail came back, for whoever reads the mailbox or the webhooks of the mail "
          "server. The mail is found by its Message-ID. The same words about a mail count once. "
          "After a hard bounce, or the third soft one within seven days, the address gets no more "
          "mail.",
      .verb = Verb::post,
      .path = "/mail-bounces",
      .scope = "mail:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string message_id = {};
    BounceSeverity kind = BounceSeverity::hard;
    std::optional<std::string> diagnostic = {};
    std::optional<Time> happened_at = {};
    static void describe(Fields<Input>& field);
  };
  using Output = DeliveryReport;
  static Result<Output> run(Call& call, const Input& input);
};

struct RecordComplaint {
  static constexpr OperationInfo info = {
      .name = "record_complaint",
      .title = "Record Complaint",
      .about =
          "Notes that a recipient reported a mail as unwanted, for whoever reads the feedback loop "
          "of a mail provider. The mail is found by its Message-ID; its address gets no more mail.",
      .verb = Verb::post,
      .path = "/mail-complaints",
      .scope = "mail:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string message_id = {};
    std::optional<std::string> detail = {};
    std::optional<Time> happened_at = {};
    static void describe(Fields<Input>& field);
  };
  using Output = DeliveryReport;
  static Result<Output> run(Call& call, const Input& input);
};

struct SendFollowUp {
  static constexpr OperationInfo info = {
      .name = "send_follow_up",
      .title = "Send Follow-Up",
      .about =
          "Sends one mail of a template to one contact, soon, if the contact subscribed to what "
          "the "
          "mail is for and the address is not suppressed; the answer says which. The same template "
          "goes to a contact once a day at most. A mail that was sent cannot be called back. Use "
          "preview_mail_template to read it first, and a campaign for many contacts.",
      .verb = Verb::post,
      .path = "/follow-ups",
      .scope = "mail:send",
      .effect = Effect::write,
      .surface = Surface::platform,
      .tool = true};
  struct Input {
    Uuid contact_uuid = {};
    Uuid template_uuid = {};
    std::optional<Uuid> subscription_type_uuid = {};
    std::optional<Time> not_before = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    Uuid send_uuid = {};
    SendState state = SendState::queued;
    std::string reason = {};
    bool was_sent_today = false;
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
  static Amounts amounts(const Input& input, const Output& output);
};

void add_delivery_operations(Catalogue& catalogue);

}  // namespace piggy
