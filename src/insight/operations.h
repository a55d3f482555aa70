#pragma once

#include "operation/operation.h"
#include "tier/active.h"

namespace piggy {

struct GetLoyaltyFigures {
  static constexpr OperationInfo info = {
      .name = "get_loyalty_figures",
      .title = "Get Loyalty Figures",
      .about =
          "Shows by day, week or month what was issued, redeemed, expired and reversed, what "
          "contacts held in the end, how many were active and new, and orders with revenue. "
          "Changes nothing.",
      .verb = Verb::get,
      .path = "/insights/loyalty",
      .scope = "insights:read",
      .surface = Surface::platform,
      .slow = true};
  struct Input {
    std::string from = {};
    std::string to = {};
    PeriodKind by = PeriodKind::day;
    static void describe(Fields<Input>& field);
  };
  struct Figures {
    std::int64_t issued = 0;
    std::int64_t redeemed = 0;
    std::int64_t expired = 0;
    std::int64_t reversed = 0;
    std::int64_t liability = 0;
    std::int64_t contacts_new = 0;
    std::int64_t orders = 0;
    std::int64_t revenue_in_cents = 0;
    static void describe(Fields<Figures>& field);
  };
  struct Period {
    std::string date = {};
    std::int64_t contacts_active = 0;
    Figures figures = {};
    static void describe(Fields<Period>& field);
  };
  struct Output {
    std::string time_zone = {};
    std::string currency = {};
    std::vector<Period> periods = {};
    Figures total = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct GetRepeatCohorts {
  static constexpr OperationInfo info = {
      .name = "get_repeat_cohorts",
      .title = "Get Repeat Cohorts",
      .about =
          "Shows for each month how many contacts bought for the first time in it, and how many of "
          "them bought again one, two and more months later. Changes nothing.",
      .verb = Verb::get,
      .path = "/insights/cohorts",
      .scope = "insights:read",
      .surface = Surface::platform,
      .slow = true};
  struct Input {
    std::string from = {};
    std::string to = {};
    static void describe(Fields<Input>& field);
  };
  struct Cohort {
    std::string month = {};
    std::int64_t contacts = 0;
    std::vector<std::int64_t> bought_again = {};
    static void describe(Fields<Cohort>& field);
  };
  struct Output {
    std::string time_zone = {};
    std::vector<Cohort> cohorts = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct GetTierFlow {
  static constexpr OperationInfo info = {
      .name = "get_tier_flow",
      .title = "Get Tier Flow",
      .about =
          "Shows how many contacts entered and left each tier between two days, from where to "
          "where, and how many are in each now. Changes nothing.",
      .verb = Verb::get,
      .path = "/insights/tiers",
      .scope = "insights:read",
      .surface = Surface::platform,
      .slow = true};
  struct Input {
    std::string from = {};
    std::string to = {};
    static void describe(Fields<Input>& field);
  };
  struct Item {
    std::optional<Uuid> tier_uuid = {};
    std::string name = {};
    std::int64_t entered = 0;
    std::int64_t left = 0;
    std::int64_t contacts_now = 0;
    static void describe(Fields<Item>& field);
  };
  struct Move {
    std::optional<Uuid> from_tier_uuid = {};
    std::optional<Uuid> to_tier_uuid = {};
    std::int64_t moves = 0;
    std::int64_t contacts = 0;
    static void describe(Fields<Move>& field);
  };
  struct Output {
    std::vector<Item> tiers = {};
    std::vector<Move> moves = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

void add_insight_operations(Catalogue& catalogue);

}  // namespace piggy
