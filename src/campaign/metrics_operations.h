#pragma once

#include "campaign/metrics.h"
#include "operation/operation.h"

namespace piggy {

struct GetCampaignMetrics {
  static constexpr OperationInfo info = {
      .name = "get_campaign_metrics",
      .title = "Get Campaign Metrics",
      .about =
          "Shows what came of mails: delivered, opened, clicked, bounced, unsubscribed, suppressed "
          "and why. Of one campaign or sequence, or of all mail between two moments, by the moment "
          "at which each thing happened; machines' opens are apart. Changes nothing.",
      .verb = Verb::get,
      .path = "/mail-metrics",
      .scope = "mail:read",
      .surface = Surface::platform,
      .tool = true,
      .slow = true};
  struct Input {
    std::optional<Uuid> campaign_uuid = {};
    std::optional<Time> from = {};
    std::optional<Time> to = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    Time from = {};
    Time to = {};
    MailNumbers mail = {};
    static void describe(Fields<Output>& field);
  };
  static void check(const Input& input, std::vector<FieldError>& problems);
  static Result<Output> run(Call& call, const Input& input);
};

// One calendar day, in the account's zone.
struct DayNumbers {
  std::string date = {};
  Time from = {};
  Time to = {};
  std::int64_t hours = 24;
  MailNumbers mail = {};
  LoyaltyNumbers loyalty = {};
  static void describe(Fields<DayNumbers>& field);
};

struct GetDailySummary {
  static constexpr OperationInfo info = {
      .name = "get_daily_summary",
      .title = "Get Daily Summary",
      .about =
          "Shows the numbers of one day (yesterday, when none is named) beside those of the day "
          "before: mail and loyalty programme, with what was learnt late of earlier days, and a "
          "paragraph of plain English whose every figure is in the data. Changes nothing.",
      .verb = Verb::get,
      .path = "/daily-summary",
      .scope = "mail:read",
      .surface = Surface::platform,
      .tool = true,
      .slow = true};
  struct Input {
    std::optional<std::string> date = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::string time_zone = {};
    DayNumbers day = {};
    DayNumbers day_before = {};
    std::vector<ReasonCount> late = {};
    std::string paragraph = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

// The built-in writer's paragraph.
std::string summary_paragraph(const GetDailySummary::Output& summary, std::string_view company);

void add_metrics_operations(Catalogue& catalogue);

}  // namespace piggy
