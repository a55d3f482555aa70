#pragma once

// What mails are made of: a subject and a body with merge tags (merge.h), for one purpose.

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "operation/page.h"

namespace piggy {

struct MailTemplateRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string name = {};
  std::int64_t subscription_type_id = 0;  // What it is for; 0: whoever sends it says so.
  std::string subject = {};
  std::string preheader = {};
  std::string html = {};  // The body alone; the layout is put around it (layout.h).
  std::string text = {};  // Empty: made from the html.
  Time created_at = {};
  Time updated_at = {};
};

// 60013 when there is none.
Result<MailTemplateRow> mail_template_of(Transaction& transaction, const Uuid& uuid);
Result<MailTemplateRow> mail_template_by_id(Transaction& transaction, std::int64_t id);
Result<std::optional<MailTemplateRow>> mail_template_by_name(Transaction& transaction,
                                                             std::string_view name);
// Newest first. Fills the total of `page`.
Result<std::vector<MailTemplateRow>> mail_templates_on(Transaction& transaction, Page& page);

// Mints id, uuid and moments of the row.
Result<> make_mail_template(Transaction& transaction, MailTemplateRow& row);
// Writes all but its uuid.
Result<> update_mail_template(Transaction& transaction, MailTemplateRow& row);

// Who mails of the account say they are from, below each of them.
struct MailSender {
  std::string name = {};            // "": the company's.
  std::string postal_address = {};  // "": none has been set.
};
Result<MailSender> mail_sender(Transaction& transaction);
Result<> set_mail_sender(Transaction& transaction, const MailSender& sender);

}  // namespace piggy
