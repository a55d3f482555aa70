#pragma once

#include "campaign/campaign.h"
#include "campaign/metrics.h"
#include "operation/operation.h"
#include "operation/page.h"

namespace piggy {

// Who gets what, when; planning and scheduling take the same.
struct CampaignInput {
  std::string name = {};
  Uuid segment_uuid = {};
  Uuid subscription_type_uuid = {};
  std::vector<CampaignVariant> variants = {};
  std::optional<Uuid> promotion_uuid = {};
  std::optional<Time> send_at = {};
  static void describe(Fields<CampaignInput>& field);
};

struct VariantCount {
  std::string name = {};
  std::int64_t count = 0;
  static void describe(Fields<VariantCount>& field);
};

struct PlanCampaign {
  static constexpr OperationInfo info = {
      .name = "plan_campaign",
      .title = "Plan Campaign",
      .about =
          "Works out what a campaign would do, without doing it: how many contacts its segment "
          "holds, how many of them would get a mail, how many would not and why (no consent, "
          "suppressed, anonymous), how many vouchers it needs, and when it would go. Use it before "
          "schedule_campaign. Changes nothing.",
      .verb = Verb::post,
      .path = "/campaigns/plan",
      .scope = "mail:read",
      .surface = Surface::platform,
      .tool = true,
      .slow = true};
  using Input = CampaignInput;
  struct Output {
    std::int64_t selected = 0;
    std::int64_t to_send = 0;
    std::int64_t suppressed = 0;
    std::vector<ReasonCount> suppressed_by_reason = {};
    std::vector<VariantCount> variants = {};
    std::int64_t vouchers = 0;
    std::optional<std::int64_t> vouchers_left = {};
    Time send_at = {};
    std::string consent = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct Campaign {
  Uuid uuid = {};
  std::string name = {};
  CampaignState state = CampaignState::scheduled;
  std::string problem = {};
  Uuid segment_uuid = {};
  Uuid subscription_type_uuid = {};
  std::optional<Uuid> promotion_uuid = {};
  std::vector<CampaignVariant> variants = {};
  Time send_at = {};
  std::int64_t selected = 0;
  std::int64_t queued = 0;
  std::int64_t sending = 0;
  std::int64_t sent = 0;
  std::int64_t failed = 0;
  std::int64_t suppressed = 0;
  std::int64_t unknown = 0;
  std::int64_t cancelled = 0;
  std::vector<ReasonCount> suppressed_by_reason = {};
  std::vector<ReasonCount> failed_by_reason = {};
  std::vector<VariantCount> sent_by_variant = {};
  bool adds_up = true;
  Time created_at = {};
  static void describe(Fields<Campaign>& field);
};

struct ScheduleCampaign {
  static constexpr OperationInfo info = {
      .name = "schedule_campaign",
      .title = "Schedule Campaign",
      .about =
          "Sends a template, or several to find out which is better, to all members of a segment "
          "at "
          "a time, or at once. Each contact gets one mail at most; who did not subscribe or is "
          "suppressed gets none. With a promotion each recipient gets a voucher of their own. Use "
          "plan_campaign first. Until it goes it can be cancelled; mails that were sent cannot be "
          "called back.",
      .verb = Verb::post,
      .path = "/campaigns",
      .scope = "mail:send",
      .effect = Effect::write,
      .surface = Surface::platform};
  using Input = CampaignInput;
  using Output = Campaign;
  static Result<Output> run(Call& call, const Input& input);
};

struct CampaignByUuid {
  Uuid uuid = {};
  static void describe(Fields<CampaignByUuid>& field);
};

struct CancelCampaign {
  static constexpr OperationInfo info = {
      .name = "cancel_campaign",
      .title = "Cancel Campaign",
      .about =
          "Stops a campaign: nobody else is selected, and mails that wait are not sent. Those that "
          "were sent, and vouchers that were made, stay. It cannot be taken up again.",
      .verb = Verb::post,
      .path = "/campaigns/{uuid}/cancel",
      .scope = "mail:send",
      .effect = Effect::destructive,
      .idempotent = true,
      .surface = Surface::platform};
  using Input = CampaignByUuid;
  using Output = Campaign;
  static Result<Output> run(Call& call, const Input& input);
};

struct GetCampaign {
  static constexpr OperationInfo info = {
      .name = "get_campaign",
      .title = "Get Campaign",
      .about =
          "Shows a campaign and what became of everybody it selected: sent, suppressed and failed "
          "with reasons, queued, unknown, cancelled; together they are all that were selected. Use "
          "get_campaign_metrics for opens and clicks. Changes nothing.",
      .verb = Verb::get,
      .path = "/campaigns/{uuid}",
      .scope = "mail:read",
      .surface = Surface::platform,
      .slow = true};
  using Input = CampaignByUuid;
  using Output = Campaign;
  static Result<Output> run(Call& call, const Input& input);
};

struct CampaignLine {
  Uuid uuid = {};
  std::string name = {};
  CampaignState state = CampaignState::scheduled;
  Time send_at = {};
  std::int64_t selected = 0;
  static void describe(Fields<CampaignLine>& field);
};

struct ListCampaigns {
  static constexpr OperationInfo info = {.name = "list_campaigns",
                                         .title = "List Campaigns",
                                         .about = "Lists campaigns, newest first. Changes nothing.",
                                         .verb = Verb::get,
                                         .path = "/campaigns",
                                         .scope = "mail:read",
                                         .surface = Surface::platform};
  struct Input {
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<CampaignLine> campaigns = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

void add_campaign_only_operations(Catalogue& catalogue);

}  // namespace piggy
