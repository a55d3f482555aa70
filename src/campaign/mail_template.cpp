#include "campaign/mail_template.h"

#include <fmt/format.h>

#include "operation/numbers.h"

namespace piggy {
namespace {

constexpr std::string_view columns =
    "id, uuid, name, subscription_type_id, subject, preheader, html, plain, created_at, "
    "updated_at";

constexpr AppendTable template_table = {
    "mail_template",
    "account_id bigint, id bigint, uuid bytea, name text, subscription_type_id bigint, "
    "subject text, preheader text, html text, plain text, created_at bigint, updated_at bigint"};

constexpr std::string_view update_row = R"sql(
  UPDATE mail_template SET name = $3, subscription_type_id = $4, subject = $5, preheader = $6,
                           html = $7, plain = $8, updated_at = $9
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view select_sender = R"sql(
  SELECT name, postal_address FROM mail_sender WHERE account_id = $1
)sql";

constexpr std::string_view update_sender = R"sql(
  UPDATE mail_sender SET name = $2, postal_address = $3 WHERE account_id = $1
)sql";

// With the account's own number, which is bound as the first parameter by itself.
constexpr std::string_view insert_sender = R"sql(
  INSERT INTO mail_sender (account_id, id, name, postal_address) VALUES ($1, $1, $2, $3)
)sql";

Result<std::optional<MailTemplateRow>> first_where(Transaction& transaction,
                                                   std::string_view condition,
                                                   const Parameter& parameter) {
  std::string sql =
      fmt::format("SELECT {} FROM mail_template WHERE account_id = $1 AND {}", columns, condition);
  return transaction.first<MailTemplateRow>(sql, {parameter});
}

}  // namespace

Result<MailTemplateRow> mail_template_of(Transaction& transaction, const Uuid& uuid) {
  auto row = TRY(first_where(transaction, "uuid = $2", uuid));
  if (!row) return model_not_found();
  return *std::move(row);
}

Result<MailTemplateRow> mail_template_by_id(Transaction& transaction, std::int64_t id) {
  auto row = TRY(first_where(transaction, "id = $2", id));
  if (!row) return model_not_found();
  return *std::move(row);
}

Result<std::optional<MailTemplateRow>> mail_template_by_name(Transaction& transaction,
                                                             std::string_view name) {
  return first_where(transaction, "name = $2", name);
}

Result<std::vector<MailTemplateRow>> mail_templates_on(Transaction& transaction, Page& page) {
  page.total = TRY(
      transaction.one<std::int64_t>("SELECT count(*) FROM mail_template WHERE account_id = $1"));
  static const std::string select = fmt::format(
      "SELECT {} FROM mail_template WHERE account_id = $1 ORDER BY id DESC LIMIT $2 OFFSET $3",
      columns);
  return transaction.all<MailTemplateRow>(select, {page.limit, page.offset()});
}

Result<> make_mail_template(Transaction& transaction, MailTemplateRow& row) {
  row.id = transaction.next_id();
  row.uuid = transaction.next_uuid();
  row.created_at = transaction.now();
  row.updated_at = transaction.now();
  return transaction.append(template_table,
                            {row.id, row.uuid, row.name, row.subscription_type_id, row.subject,
                             row.preheader, row.html, row.text, row.created_at, row.updated_at});
}

Result<> update_mail_template(Transaction& transaction, MailTemplateRow& row) {
  row.updated_at = transaction.now();
  TRY(transaction.run(update_row, {row.id, row.name, row.subscription_type_id, row.subject,
                                   row.preheader, row.html, row.text, row.updated_at}));
  return {};
}

Result<MailSender> mail_sender(Transaction& transaction) {
  return TRY(transaction.first<MailSender>(select_sender)).value_or(MailSender{});
}

Result<> set_mail_sender(Transaction& transaction, const MailSender& sender) {
  std::int64_t there = TRY(transaction.run(update_sender, {sender.name, sender.postal_address}));
  if (there == 0) TRY(transaction.run(insert_sender, {sender.name, sender.postal_address}));
  return {};
}

}  // namespace piggy
