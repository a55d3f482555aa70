#pragma once

// From a template and a contact to the mail that is handed over.

#include <string>
#include <vector>

#include "campaign/mail_template.h"
#include "campaign/send.h"
#include "contact/contact_view.h"
#include "email/email.h"
#include "http/message.h"
#include "operation/operation.h"

namespace piggy {

// All that a mail is made of; nothing of it needs the database any more.
struct MailParts {
  MailTemplateRow mail_template = {};
  ContactRecord contact = {};  // All empty in a preview for nobody: then defaults are shown.
  std::int64_t credits = 0;
  std::string voucher_code = {};
  std::string purpose = {};
  MailSender sender = {};
  std::optional<Uuid> send = {};  // None in a preview: then nothing is tracked.
  std::string send_key = {};
};
Result<MailParts> mail_parts(Transaction& transaction, const MailTemplateRow& mail_template,
                             std::int64_t contact_id, std::string_view purpose);

struct ComposedMail {
  Email email = {};
  std::string message_name = {};  // What the Message-ID begins with.
  std::vector<http::Header> headers = {};
};
ComposedMail compose(const Caller& caller, const Settings& settings, const MailParts& parts);

// What is wrong with the tags of a template, each below its field ("/html").
void check_merge_tags(const ContactSheet& sheet, const MailTemplateRow& row,
                      std::vector<FieldError>& problems);

}  // namespace piggy
