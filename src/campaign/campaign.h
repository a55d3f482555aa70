#pragma once

// A campaign: a template, or several to find out which is better, to all members of a segment at a
// time. Its recipients are selected by a durable job, in lots, each of which is one commit with the
// mark of how far it has come: whatever crashes, every member is selected once.

#include <string>
#include <vector>

#include "base/error.h"
#include "campaign/send.h"
#include "database/database.h"
#include "operation/page.h"
#include "schedule/job.h"
#include "segment/segment.h"
#include "voucher/promotion.h"

namespace piggy {

// `selected`: all recipients are queued.
BOOST_DEFINE_ENUM_CLASS(CampaignState, scheduled, selecting, selected, cancelled, failed)

struct CampaignVariant {
  std::string name = {};
  Uuid template_uuid = {};
  std::int64_t weight = 1;
  static void describe(Fields<CampaignVariant>& field);
};

struct CampaignRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string name = {};
  Uuid segment_uuid = {};
  std::int64_t subscription_type_id = 0;
  std::int64_t promotion_id = 0;  // 0: no vouchers.
  Value variants = {};
  CampaignState state = CampaignState::scheduled;
  std::string problem = {};
  Time send_at = {};
  std::int64_t last_contact_id = 0;  // Up to whom members have been selected.
  std::int64_t selected = 0;
  Time created_at = {};
  Time updated_at = {};
};

// 60013 when there is none.
Result<CampaignRow> campaign_of(Transaction& transaction, const Uuid& uuid);
// Newest first. Fills the total of `page`.
Result<std::vector<CampaignRow>> campaigns_on(Transaction& transaction, Page& page);
// Mints id, uuid and moments, and adds the job that selects.
Result<> make_campaign(Transaction& transaction, CampaignRow& row);
// Nobody else is selected, and what waits is taken back. Returns how many waited.
Result<std::int64_t> cancel_campaign(Transaction& transaction, CampaignRow& row);

std::vector<CampaignVariant> variants_of(const CampaignRow& row);
// Which of them a contact gets: the same one however often it is asked, in parts by weight.
std::size_t variant_for(const Uuid& campaign, const Uuid& contact,
                        const std::vector<CampaignVariant>& variants);

void add_campaign_jobs(Scheduler& scheduler);

}  // namespace piggy
