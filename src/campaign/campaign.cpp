#include "campaign/campaign.h"

#include <fmt/format.h>
#include <sodium.h>

#include <cstring>

#include "campaign/mail_template.h"
#include "contact/contact_set.h"
#include "operation/numbers.h"
#include "shape/read.h"
#include "voucher/voucher.h"

namespace piggy {
namespace {

constexpr std::string_view select_recipients = "select_campaign_recipients";
// So many are one commit: few enough that no other write waits long for them.
constexpr std::int64_t lot_size = contacts_at_once;

constexpr std::string_view columns =
    "id, uuid, name, segment_uuid, subscription_type_id, promotion_id, variants, state, problem, "
    "send_at, last_contact_id, selected, created_at, updated_at";

constexpr AppendTable campaign_table = {
    "campaign",
    "account_id bigint, id bigint, uuid bytea, name text, segment_uuid bytea, "
    "subscription_type_id bigint, promotion_id bigint, variants text, state text, problem text, "
    "send_at bigint, last_contact_id bigint, selected bigint, created_at bigint, "
    "updated_at bigint"};

constexpr std::string_view update_progress = R"sql(
  UPDATE campaign SET state = $3, problem = $4, last_contact_id = $5, selected = $6,
                      updated_at = $7
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view cancel_waiting = R"sql(
  UPDATE send SET state = 'cancelled', reason = 'campaign_cancelled', done_at = $3
  WHERE account_id = $1 AND source = $2 AND state = 'queued'
)sql";

Result<> write_progress(Transaction& transaction, const CampaignRow& row) {
  TRY(transaction.run(update_progress, {row.id, row.state, row.problem, row.last_contact_id,
                                        row.selected, transaction.now()}));
  return {};
}

// What all of one lot need.
struct Plan {
  CampaignRow campaign = {};
  SubscriptionType purpose = {};
  std::vector<CampaignVariant> variants = {};
  std::vector<std::int64_t> template_ids = {};
  std::optional<PromotionRow> promotion = {};
};

Result<Plan> plan_of(Transaction& transaction, const CampaignRow& row) {
  Plan plan{.campaign = row,
            .purpose = TRY(purpose_of(transaction, row.subscription_type_id)),
            .variants = variants_of(row)};
  for (const CampaignVariant& variant : plan.variants) {
    plan.template_ids.push_back(TRY(mail_template_of(transaction, variant.template_uuid)).id);
  }
  if (row.promotion_id != 0) {
    plan.promotion = TRY(promotion_by_id(transaction, row.promotion_id));
  }
  return plan;
}

// A voucher for one recipient; "" when the promotion gives out no more.
Result<std::string> mint_voucher(Transaction& transaction, const PromotionRow& promotion,
                                 std::int64_t contact_id) {
  std::string code = new_codes(transaction.random(), 1).front();
  if (!TRY(give_voucher(transaction, promotion, contact_id, code))) code.clear();
  return code;
}

Result<> select_one(Transaction& transaction, const Plan& plan, const MailRecipient& recipient) {
  const Uuid& campaign = plan.campaign.uuid;
  std::size_t variant = variant_for(campaign, recipient.contact.uuid, plan.variants);
  NewSend send{
      .contact_id = recipient.contact.id,
      .template_id = plan.template_ids[variant],
      .subscription_type_id = plan.purpose.id,
      .key = fmt::format("campaign:{}:{}", to_string(campaign), to_string(recipient.contact.uuid)),
      .source = campaign,
      .variant = plan.variants[variant].name};
  std::string reason = recipient.reason;
  if (reason.empty() && plan.promotion) {
    send.voucher_code = TRY(mint_voucher(transaction, *plan.promotion, recipient.contact.id));
    if (send.voucher_code.empty()) reason = "no_voucher";
  }
  TRY(add_send(transaction, send, reason));
  return {};
}

// One lot, and the job for the next.
Result<> select_lot(Call& call, const JobRow& job) {
  Transaction& transaction = call.transaction;
  auto uuid = parse_uuid(job.payload.text_of("campaign"));
  ASSERT(uuid);
  CampaignRow row = TRY(campaign_of(transaction, *uuid));
  if (row.state != CampaignState::scheduled && row.state != CampaignState::selecting) return {};
  SegmentRow segment = TRY(segment_of(transaction, row.segment_uuid));
  Plan plan = TRY(plan_of(transaction, row));
  std::vector<std::int64_t> ids;
  for (const MemberEntry& member :
       TRY(members_after(transaction, segment.id, row.last_contact_id, lot_size))) {
    ids.push_back(member.contact_id);
  }
  auto recipients = TRY(mail_recipients(transaction, ids, plan.purpose));
  for (const MailRecipient& recipient : recipients) {
    TRY(select_one(transaction, plan, recipient));
  }
  row.selected += static_cast<std::int64_t>(recipients.size());
  if (!ids.empty()) row.last_contact_id = ids.back();
  bool last = static_cast<std::int64_t>(ids.size()) < lot_size;
  row.state = last ? CampaignState::selected : CampaignState::selecting;
  TRY(write_progress(transaction, row));
  if (!last) TRY(add_job(transaction, select_recipients, job.payload));
  return {};
}

Result<> give_up(Call& call, const JobRow& job) {
  CampaignRow row =
      TRY(campaign_of(call.transaction, *parse_uuid(job.payload.text_of("campaign"))));
  row.state = CampaignState::failed;
  row.problem = "Its recipients could not be selected: its segment, purpose or template is gone.";
  return write_progress(call.transaction, row);
}

}  // namespace

Result<CampaignRow> campaign_of(Transaction& transaction, const Uuid& uuid) {
  static const std::string select =
      fmt::format("SELECT {} FROM campaign WHERE account_id = $1 AND uuid = $2", columns);
  auto row = TRY(transaction.first<CampaignRow>(select, {uuid}));
  if (!row) return model_not_found();
  return *std::move(row);
}

Result<std::vector<CampaignRow>> campaigns_on(Transaction& transaction, Page& page) {
  page.total =
      TRY(transaction.one<std::int64_t>("SELECT count(*) FROM campaign WHERE account_id = $1"));
  static const std::string select = fmt::format(
      "SELECT {} FROM campaign WHERE account_id = $1 ORDER BY id DESC LIMIT $2 OFFSET $3", columns);
  return transaction.all<CampaignRow>(select, {page.limit, page.offset()});
}

Result<> make_campaign(Transaction& transaction, CampaignRow& row) {
  row.id = transaction.next_id();
  row.uuid = transaction.next_uuid();
  row.created_at = transaction.now();
  row.updated_at = transaction.now();
  TRY(transaction.append(campaign_table,
                         {row.id, row.uuid, row.name, row.segment_uuid, row.subscription_type_id,
                          row.promotion_id, row.variants, row.state, row.problem, row.send_at,
                          row.last_contact_id, row.selected, row.created_at, row.updated_at}));
  TRY(add_job(transaction, select_recipients, Value::object({{"campaign", to_string(row.uuid)}}),
              row.send_at));
  return {};
}

Result<std::int64_t> cancel_campaign(Transaction& transaction, CampaignRow& row) {
  row.state = CampaignState::cancelled;
  TRY(write_progress(transaction, row));
  return transaction.run(cancel_waiting, {row.uuid, transaction.now()});
}

std::vector<CampaignVariant> variants_of(const CampaignRow& row) {
  std::vector<CampaignVariant> variants;
  for (const Value& item : *row.variants.items()) {
    auto variant = read<CampaignVariant>(item, Reading::lenient);
    ASSERT(variant.has_value());
    variants.push_back(*std::move(variant));
  }
  return variants;
}

std::size_t variant_for(const Uuid& campaign, const Uuid& contact,
                        const std::vector<CampaignVariant>& variants) {
  std::uint64_t hash = 0;
  unsigned char digest[crypto_generichash_BYTES_MIN];
  crypto_generichash(digest, sizeof digest, contact.bytes.data(), contact.bytes.size(),
                     campaign.bytes.data(), campaign.bytes.size());
  std::memcpy(&hash, digest, sizeof hash);
  std::int64_t total = 0;
  for (const CampaignVariant& variant : variants) total += variant.weight;
  auto place = static_cast<std::int64_t>(hash % static_cast<std::uint64_t>(total));
  std::size_t which = 0;
  while (place >= variants[which].weight) place -= variants[which++].weight;
  return which;
}

void add_campaign_jobs(Scheduler& scheduler) {
  scheduler.handle(select_recipients, select_lot, give_up);
}

}  // namespace piggy
