#include "campaign/template_operations.h"

#include "campaign/compose.h"
#include "campaign/send.h"

namespace piggy {
namespace {

Result<MailTemplate> shown(Transaction& transaction, const MailTemplateRow& row) {
  MailTemplate view{.uuid = row.uuid,
                    .name = row.name,
                    .subject = row.subject,
                    .preheader = row.preheader,
                    .html = row.html,
                    .text = row.text,
                    .created_at = row.created_at,
                    .updated_at = row.updated_at};
  if (row.subscription_type_id != 0) {
    view.subscription_type_uuid = TRY(purpose_of(transaction, row.subscription_type_id)).uuid;
  }
  return view;
}

// All that is wrong with it at once: its name, its purpose, its tags.
Result<> accept(Call& call, MailTemplateRow& row, const std::optional<Uuid>& purpose) {
  std::vector<FieldError> problems;
  auto same_name = TRY(mail_template_by_name(call.transaction, row.name));
  if (same_name && same_name->id != row.id) {
    problems.push_back({"/name", "There is a mail template of that name."});
  }
  if (purpose) {
    auto type = subscription_type_of(call.transaction, *purpose);
    if (type) {
      row.subscription_type_id = type->id;
    } else {
      problems.push_back({"/subscription_type_uuid", "There is no such subscription type."});
    }
  }
  check_merge_tags(TRY(contact_sheet(call)), row, problems);
  if (!problems.empty()) return fail_fields(std::move(problems));
  return {};
}

// The mail of a template for one contact, or for nobody.
Result<ComposedMail> composed(Call& call, const Uuid& uuid, const std::optional<Uuid>& contact) {
  MailTemplateRow row = TRY(mail_template_of(call.transaction, uuid));
  MailParts parts{.mail_template = row};
  std::string purpose = "our mails";
  if (row.subscription_type_id != 0) {
    purpose = TRY(purpose_of(call.transaction, row.subscription_type_id)).name;
  }
  if (contact) {
    ContactRow who = TRY(contact_of(call.transaction, *contact));
    parts = TRY(mail_parts(call.transaction, row, who.id, purpose));
  } else {
    parts.purpose = purpose;
    parts.sender = TRY(mail_sender(call.transaction));
  }
  return compose(call.caller, call.settings, parts);
}

}  // namespace

Result<MailTemplate> CreateMailTemplate::run(Call& call, const Input& input) {
  MailTemplateRow row{.name = input.name,
                      .subject = input.subject,
                      .preheader = input.preheader.value_or(""),
                      .html = input.html,
                      .text = input.text.value_or("")};
  TRY(accept(call, row, input.subscription_type_uuid));
  TRY(make_mail_template(call.transaction, row));
  call.changes("mail template " + row.name, nullptr, "created");
  return shown(call.transaction, row);
}

Result<MailTemplate> UpdateMailTemplate::run(Call& call, const Input& input) {
  MailTemplateRow row = TRY(mail_template_of(call.transaction, input.uuid));
  auto change = [&](std::string_view name, std::string& member,
                    const std::optional<std::string>& given) {
    if (!given || *given == member) return;
    call.changes(std::string(name) + " of the mail template", member, *given);
    member = *given;
  };
  change("name", row.name, input.name);
  change("subject", row.subject, input.subject);
  change("preheader", row.preheader, input.preheader);
  change("html", row.html, input.html);
  change("text", row.text, input.text);
  TRY(accept(call, row, input.subscription_type_uuid));
  TRY(update_mail_template(call.transaction, row));
  return shown(call.transaction, row);
}

Result<MailTemplate> GetMailTemplate::run(Call& call, const Input& input) {
  return shown(call.transaction, TRY(mail_template_of(call.transaction, input.uuid)));
}

Result<ListMailTemplates::Output> ListMailTemplates::run(Call& call, const Input& input) {
  Output output{.page = page_of(input.page, input.limit, 30)};
  for (const MailTemplateRow& row : TRY(mail_templates_on(call.transaction, output.page))) {
    output.templates.push_back(TRY(shown(call.transaction, row)));
  }
  return output;
}

Result<PreviewMailTemplate::Output> PreviewMailTemplate::run(Call& call, const Input& input) {
  ComposedMail mail = TRY(composed(call, input.uuid, input.contact_uuid));
  return Output{.from = mail.email.from,
                .subject = mail.email.subject,
                .html = mail.email.html,
                .text = mail.email.text};
}

Result<SendTestMail::Output> SendTestMail::run(Call& call, const Input& input) {
  ComposedMail mail = TRY(composed(call, input.uuid, input.contact_uuid));
  mail.email.to = input.to;
  mail.email.subject = "[Test] " + mail.email.subject;
  TRY(queue_email(call.transaction, mail.email));
  call.changes("test mail to " + input.to, nullptr, mail.email.subject);
  return Output{.to = input.to, .subject = mail.email.subject};
}

Result<MailSenderView> GetMailSender::run(Call& call, const Input&) {
  MailSender sender = TRY(mail_sender(call.transaction));
  return MailSenderView{.name = sender.name.empty() ? call.caller.company : sender.name,
                        .postal_address = sender.postal_address};
}

Result<MailSenderView> SetMailSender::run(Call& call, const Input& input) {
  MailSender before = TRY(mail_sender(call.transaction));
  MailSender after{.name = input.name.value_or(before.name),
                   .postal_address = input.postal_address};
  TRY(set_mail_sender(call.transaction, after));
  call.changes("postal address below mails", before.postal_address, after.postal_address);
  return GetMailSender::run(call, {});
}

void add_template_operations(Catalogue& catalogue) {
  catalogue.add<CreateMailTemplate>();
  catalogue.add<UpdateMailTemplate>();
  catalogue.add<ListMailTemplates>();
  catalogue.add<GetMailTemplate>();
  catalogue.add<PreviewMailTemplate>();
  catalogue.add<SendTestMail>();
  catalogue.add<GetMailSender>();
  catalogue.add<SetMailSender>();
}

// Descriptions ------------------------------------------------------------------------------------

void MailTemplate::describe(Fields<MailTemplate>& field) {
  field("uuid", &MailTemplate::uuid, "The template.");
  field("name", &MailTemplate::name, "What it is called here.");
  field("subscription_type_uuid", &MailTemplate::subscription_type_uuid,
        "What it is for: only contacts who subscribed to it get it.");
  field("subject", &MailTemplate::subject, "The subject, with merge tags.");
  field("preheader", &MailTemplate::preheader, "What an inbox shows behind the subject.");
  field("html", &MailTemplate::html, "The body, with merge tags, without the layout.");
  field("text", &MailTemplate::text, "The body as text; empty when it is made from the html.");
  field("created_at", &MailTemplate::created_at, "When it was made.");
  field("updated_at", &MailTemplate::updated_at, "When it last changed.");
}

namespace {
constexpr std::string_view about_html =
    "The body in HTML, without the layout; merge tags are {{ contact.NAME }}, {{ contact.credits "
    "}}, "
    "{{ voucher.code }}, {{ company.name }}, each with | default: \"…\" if wanted.";
}  // namespace

void CreateMailTemplate::Input::describe(Fields<Input>& field) {
  field("name", &Input::name, "What it is called here; each name once.", {.min = 1, .max = 200});
  field("subscription_type_uuid", &Input::subscription_type_uuid,
        "What it is for; needed by follow-ups and sequences that do not say so themselves.");
  field("subject", &Input::subject, "The subject.", {.min = 1, .max = 500});
  field("preheader", &Input::preheader, "What an inbox shows behind the subject.", {.max = 500});
  field("html", &Input::html, about_html, {.min = 1, .max = 200'000});
  field("text", &Input::text, "The body as text; made from the html when left out.",
        {.max = 200'000});
}

void UpdateMailTemplate::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The template.");
  field("name", &Input::name, "What it is called here; each name once.", {.min = 1, .max = 200});
  field("subscription_type_uuid", &Input::subscription_type_uuid, "What it is for.");
  field("subject", &Input::subject, "The subject.", {.min = 1, .max = 500});
  field("preheader", &Input::preheader, "What an inbox shows behind the subject.", {.max = 500});
  field("html", &Input::html, about_html, {.min = 1, .max = 200'000});
  field("text", &Input::text, "The body as text; \"\" has it made from the html.",
        {.max = 200'000});
}

void MailTemplateByUuid::describe(Fields<MailTemplateByUuid>& field) {
  field("uuid", &MailTemplateByUuid::uuid, "The template.");
}

void ListMailTemplates::Input::describe(Fields<Input>& field) {
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 30 when not given.", {.min = 1, .max = 100});
}

void ListMailTemplates::Output::describe(Fields<Output>& field) {
  field("templates", &Output::templates, "The templates, newest first.");
  field("page", &Output::page, "Which part of the list this is.");
}

void PreviewMailTemplate::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The template.");
  field("contact_uuid", &Input::contact_uuid, "For whom; the tags' defaults when left out.");
}

void PreviewMailTemplate::Output::describe(Fields<Output>& field) {
  field("from", &Output::from, "Whom it says it is from.");
  field("subject", &Output::subject, "The subject, merged.", {.untrusted = true});
  field("html", &Output::html, "The whole page, merged.", {.untrusted = true});
  field("text", &Output::text, "The whole text, merged.", {.untrusted = true});
}

void SendTestMail::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The template.");
  field("to", &Input::to, "The address that gets it.", {.max = 254, .format = Format::email});
  field("contact_uuid", &Input::contact_uuid,
        "Merged for this contact; with the tags' defaults when left out.");
}

void SendTestMail::Output::describe(Fields<Output>& field) {
  field("to", &Output::to, "The address that gets it.");
  field("subject", &Output::subject, "Its subject, marked as a test.", {.untrusted = true});
}

void MailSenderView::describe(Fields<MailSenderView>& field) {
  field("name", &MailSenderView::name, "Whom mails say they are from.");
  field("postal_address", &MailSenderView::postal_address, "Below every mail; may have lines.");
}

void SetMailSender::Input::describe(Fields<Input>& field) {
  field("name", &Input::name, "Whom mails say they are from; stays when left out.", {.max = 200});
  field("postal_address", &Input::postal_address, "Below every mail; may have lines.",
        {.max = 500});
}

}  // namespace piggy
