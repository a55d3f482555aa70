#include "campaign/delivery_operations.h"

#include <fmt/format.h>

#include "base/lower_case.h"
#include "campaign/mail_template.h"
#include "campaign/mail_token.h"

namespace piggy {
namespace {

Suppression shown(const SuppressionRow& row) {
  return {
      .address = row.address, .reason = row.reason, .note = row.note, .created_at = row.created_at};
}

Result<DeliveryReport> report(Call& call, std::string_view message_id, const NewMailEvent& event) {
  auto message = message_in(message_id);
  std::optional<SendRow> send;
  if (message) {
    send = TRY(send_by_message(call.transaction, *message));
  }
  if (!send) {
    return fail(ErrorCode::not_found, "There is no mail of ours with this Message-ID.");
  }
  if (event.happened_at && *event.happened_at > call.now()) {
    return fail_field("/happened_at", "The happened_at must not be in the future.");
  }
  // The same report may lie in two mailboxes, or be read again.
  bool is_new = !TRY(is_noted(call.transaction, *send, event));
  if (is_new) TRY(record_mail_event(call.transaction, *send, event));
  ContactRow contact = TRY(contact_by_id(call.transaction, send->contact_id));
  auto suppressed = TRY(suppression_of(call.transaction, contact.email));
  call.changes(fmt::format("{} of a mail to {}", word_of(event.kind), contact.email), nullptr,
               fmt::format("{}{}", is_new ? "noted" : "noted before",
                           suppressed ? "; the address is suppressed" : ""));
  return DeliveryReport{.contact_uuid = contact.uuid, .suppressed = suppressed.has_value()};
}

}  // namespace

Result<ListSuppressions::Output> ListSuppressions::run(Call& call, const Input& input) {
  Output output{.page = page_of(input.page, input.limit, 30)};
  for (const auto& row : TRY(suppressions_on(call.transaction, input.reason, output.page))) {
    output.suppressions.push_back(shown(row));
  }
  return output;
}

Result<Suppression> AddSuppression::run(Call& call, const Input& input) {
  bool added = TRY(suppress(call.transaction, input.address, SuppressionReason::manual,
                            input.note.value_or("")));
  if (added) call.changes("mail to " + lower_case(input.address), "allowed", "suppressed");
  Suppression view = shown(*TRY(suppression_of(call.transaction, input.address)));
  view.address = lower_case(input.address);
  return view;
}

Result<RemoveSuppression::Output> RemoveSuppression::run(Call& call, const Input& input) {
  bool was = TRY(unsuppress(call.transaction, input.address));
  if (was) call.changes("mail to " + lower_case(input.address), "suppressed", "allowed");
  return Output{.address = lower_case(input.address), .was_suppressed = was};
}

Result<DeliveryReport> RecordBounce::run(Call& call, const Input& input) {
  bool hard = input.kind == BounceSeverity::hard;
  return report(call, input.message_id,
                {.kind = hard ? MailEventKind::bounced_hard : MailEventKind::bounced_soft,
                 .detail = input.diagnostic.value_or(""),
                 .happened_at = input.happened_at});
}

Result<DeliveryReport> RecordComplaint::run(Call& call, const Input& input) {
  return report(call, input.message_id,
                {.kind = MailEventKind::complained,
                 .detail = input.detail.value_or(""),
                 .happened_at = input.happened_at});
}

Result<SendFollowUp::Output> SendFollowUp::run(Call& call, const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  MailTemplateRow row = TRY(mail_template_of(call.transaction, input.template_uuid));
  NewSend send{.contact_id = contact.id, .template_id = row.id, .not_before = input.not_before};
  if (input.subscription_type_uuid) {
    send.subscription_type_id =
        TRY(subscription_type_of(call.transaction, *input.subscription_type_uuid)).id;
  }
  Date day = local_date(call.now(), call.caller.time_zone);
  send.key =
      fmt::format("follow_up:{}:{}:{}", to_string(row.uuid), to_string(contact.uuid), to_text(day));
  QueuedSend queued = TRY(queue_send(call.transaction, send));
  call.changes(fmt::format("mail \"{}\" to {}", row.name, contact.email), nullptr,
               queued.was_there ? "there already" : word_of(queued.state));
  return Output{.send_uuid = queued.uuid,
                .state = queued.state,
                .reason = queued.reason,
                .was_sent_today = queued.was_there};
}

Amounts SendFollowUp::amounts(const Input&, const Output&) { return {.contacts = 1}; }

void add_delivery_operations(Catalogue& catalogue) {
  catalogue.add<SendFollowUp>();
  catalogue.add<ListSuppressions>();
  catalogue.add<AddSuppression>();
  catalogue.add<RemoveSuppression>();
  catalogue.add<RecordBounce>();
  catalogue.add<RecordComplaint>();
}

// Descriptions ------------------------------------------------------------------------------------

void Suppression::describe(Fields<Suppression>& field) {
  field("address", &Suppression::address, "The address; empty when its owner was erased.");
  field("reason", &Suppression::reason, "Why it gets nothing.");
  field("note", &Suppression::note, "More about it, such as a mail server's words.",
        {.untrusted = true});
  field("created_at", &Suppression::created_at, "Since when.");
}

void ListSuppressions::Input::describe(Fields<Input>& field) {
  field("reason", &Input::reason, "Only for this reason.");
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 30 when not given.", {.min = 1, .max = 500});
}

void ListSuppressions::Output::describe(Fields<Output>& field) {
  field("suppressions", &Output::suppressions, "The addresses, newest first.");
  field("page", &Output::page, "Which part of the list this is.");
}

void AddSuppression::Input::describe(Fields<Input>& field) {
  field("address", &Input::address, "The address, in any case.",
        {.max = 254, .format = Format::email});
  field("note", &Input::note, "Why, for whoever reads the list.", {.max = 500});
}

void RemoveSuppression::Input::describe(Fields<Input>& field) {
  field("address", &Input::address, "The address, in any case.",
        {.max = 254, .format = Format::email});
}

void RemoveSuppression::Output::describe(Fields<Output>& field) {
  field("address", &Output::address, "The address.");
  field("was_suppressed", &Output::was_suppressed, "Whether it was on the list.");
}

void DeliveryReport::describe(Fields<DeliveryReport>& field) {
  field("contact_uuid", &DeliveryReport::contact_uuid, "Whose mail it was.");
  field("suppressed", &DeliveryReport::suppressed, "Whether the address now gets no more mail.");
}

void RecordBounce::Input::describe(Fields<Input>& field) {
  field("message_id", &Input::message_id, "The mail's Message-ID, with or without brackets.",
        {.min = 1, .max = 500});
  field("kind", &Input::kind, "hard: the address is wrong for good; soft: it may work later.");
  field("diagnostic", &Input::diagnostic, "The mail server's words.", {.max = 2'000});
  field("happened_at", &Input::happened_at, "When; now when left out.");
}

void RecordComplaint::Input::describe(Fields<Input>& field) {
  field("message_id", &Input::message_id, "The mail's Message-ID, with or without brackets.",
        {.min = 1, .max = 500});
  field("detail", &Input::detail, "What the report said.", {.max = 2'000});
  field("happened_at", &Input::happened_at, "When; now when left out.");
}

void SendFollowUp::Input::describe(Fields<Input>& field) {
  field("contact_uuid", &Input::contact_uuid, "Who gets it.");
  field("template_uuid", &Input::template_uuid, "What is sent.");
  field("subscription_type_uuid", &Input::subscription_type_uuid,
        "What it is for; what the template is for when left out.");
  field("not_before", &Input::not_before, "When at the earliest; at once when left out.");
}

void SendFollowUp::Output::describe(Fields<Output>& field) {
  field("send_uuid", &Output::send_uuid, "The message.");
  field("state", &Output::state, "queued: it will be sent; suppressed: it will not.");
  field("reason", &Output::reason, "Why not, such as not_subscribed or hard_bounce.");
  field("was_sent_today", &Output::was_sent_today,
        "It was asked for today already; nothing more is sent.");
}

}  // namespace piggy
