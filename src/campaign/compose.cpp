#include "campaign/compose.h"

#include <fmt/format.h>

#include <algorithm>

#include "campaign/layout.h"
#include "campaign/mail_token.h"
#include "campaign/merge.h"
#include "campaign/words.h"
#include "contact/language.h"
#include "contact/system_attribute.h"
#include "ledger/ledger.h"

namespace piggy {
namespace {

namespace words = campaign_words;

constexpr std::string_view other_tags[] = {"contact.email",   "contact.uuid", "contact.credits",
                                           "voucher.code",    "company.name", "sender.name",
                                           "unsubscribe_url", "purpose.name"};
constexpr std::string_view contact_prefix = "contact.";

std::string as_text(const Value& value, Language language) {
  if (const std::string* text = value.text()) return *text;
  if (const std::int64_t* integer = value.integer()) return fmt::format("{}", *integer);
  if (const double* number = value.number()) return fmt::format("{}", *number);
  if (const bool* boolean = value.boolean()) {
    return (*boolean ? words::yes : words::no).in(language);
  }
  std::string list;
  if (const Value::List* items = value.items()) {
    for (const Value& item : *items) list += (list.empty() ? "" : ", ") + as_text(item, language);
  }
  return list;
}

std::string sender_name(const Caller& caller, const MailParts& parts) {
  return parts.sender.name.empty() ? caller.company : parts.sender.name;
}

// The address of the installation under the sender's name, which must not end it early.
std::string from_of(const Caller& caller, const Settings& settings, const MailParts& parts) {
  std::string name = sender_name(caller, parts);
  std::erase_if(name, [](char c) {
    return c == '<' || c == '>' || c == '"' || static_cast<unsigned char>(c) < ' ';
  });
  return fmt::format("{} <{}>", name, address_in(settings.mail_from));
}

bool is_tag(const ContactSheet& sheet, const std::string& name) {
  if (std::ranges::find(other_tags, name) != std::end(other_tags)) return true;
  if (!name.starts_with(contact_prefix)) return false;
  std::string_view attribute = std::string_view(name).substr(contact_prefix.size());
  const SystemAttribute* known = system_attribute(attribute);
  if (known) return known->compute == nullptr;
  return sheet.attribute(attribute) != nullptr;
}

}  // namespace

Result<MailParts> mail_parts(Transaction& transaction, const MailTemplateRow& mail_template,
                             std::int64_t contact_id, std::string_view purpose) {
  return MailParts{.mail_template = mail_template,
                   .contact = TRY(contact_record(transaction, contact_id)),
                   .credits = TRY(balance_of(transaction, contact_id)),
                   .purpose = std::string(purpose),
                   .sender = TRY(mail_sender(transaction))};
}

ComposedMail compose(const Caller& caller, const Settings& settings, const MailParts& parts) {
  const MailTemplateRow& row = parts.mail_template;
  Language language = language_for(parts.contact.attributes);
  std::string unsubscribe = settings.public_url + "/";
  std::string pixel;
  if (parts.send) {
    unsubscribe = mail_link(caller, settings.public_url, MailLink::unsubscribe, *parts.send);
    pixel = mail_link(caller, settings.public_url, MailLink::open, *parts.send);
  }
  MergeValues values = [&](std::string_view name) -> std::string {
    if (name == "contact.email") return parts.contact.email;
    if (name == "contact.uuid") {
      return parts.contact.uuid.is_nil() ? "" : to_string(parts.contact.uuid);
    }
    if (name == "contact.credits") return fmt::format("{}", parts.credits);
    if (name == "voucher.code") return parts.voucher_code;
    if (name == "company.name") return caller.company;
    if (name == "sender.name") return sender_name(caller, parts);
    if (name == "unsubscribe_url") return unsubscribe;
    if (name == "purpose.name") return parts.purpose;
    if (!name.starts_with(contact_prefix)) return {};
    const Value* value = parts.contact.attributes.find(name.substr(contact_prefix.size()));
    return value ? as_text(*value, language) : std::string();
  };
  LayoutParts layout{.language = language,
                     .subject = merge(row.subject, MergeInto::text, values),
                     .preheader = merge(row.preheader, MergeInto::text, values),
                     .body = merge(row.html, MergeInto::html, values),
                     .sender = sender_name(caller, parts),
                     .postal_address = parts.sender.postal_address,
                     .purpose = parts.purpose,
                     .unsubscribe_url = unsubscribe,
                     .pixel_url = pixel};
  if (parts.send) {
    layout.body = with_links(layout.body, [&](const std::string& url) {
      if (url == unsubscribe) return url;
      return mail_link(caller, settings.public_url, MailLink::click, *parts.send, url);
    });
  }
  std::string text = row.text.empty() ? text_of_html(row.html) : row.text;
  ComposedMail mail;
  mail.email = {.from = from_of(caller, settings, parts),
                .to = parts.contact.email,
                .subject = layout.subject,
                .text = mail_text(layout, merge(text, MergeInto::text, values)),
                .html = mail_page(layout)};
  if (parts.send) {
    mail.message_name = message_name(message_of(caller, parts.send_key));
    // Both are needed for the button that mail programs show (RFC 8058, section 3.1).
    mail.headers = {{"List-Unsubscribe", fmt::format("<{}>", unsubscribe)},
                    {"List-Unsubscribe-Post", "List-Unsubscribe=One-Click"}};
  }
  return mail;
}

void check_merge_tags(const ContactSheet& sheet, const MailTemplateRow& row,
                      std::vector<FieldError>& problems) {
  const std::pair<std::string_view, const std::string*> texts[] = {{"/subject", &row.subject},
                                                                   {"/preheader", &row.preheader},
                                                                   {"/html", &row.html},
                                                                   {"/text", &row.text}};
  for (const auto& [path, text] : texts) {
    MergeTags found = merge_tags_in(*text);
    for (std::string& problem : found.problems) {
      problems.push_back({std::string(path), std::move(problem)});
    }
    for (const MergeTag& tag : found.tags) {
      if (is_tag(sheet, tag.name)) continue;
      problems.push_back(
          {std::string(path),
           fmt::format("There is no tag {}. There are {}, and contact.NAME for every attribute of "
                       "contacts that is stored.",
                       tag.name, fmt::join(other_tags, ", "))});
    }
  }
}

}  // namespace piggy
