#include "insight/operations.h"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/period.h"
#include "ledger/quarter.h"
#include "loyalty/purchase.h"
#include "order/revenue.h"
#include "schedule/recurrence.h"
#include "tier/move.h"

namespace piggy {
namespace {

constexpr std::int64_t periods_max = 4'000;
constexpr int first_year = 1970;
constexpr int last_year = 2400;

using Figures = GetLoyaltyFigures::Figures;

// Both days included.
struct Days {
  Date first = {};
  Date last = {};
};

Result<Date> day_of(const std::string& text, std::string_view path) {
  auto date = parse_date(text);
  if (date && date->year >= first_year && date->year < last_year) return *date;
  return fail_field(std::string(path), "This must be a day such as 2026-03-29.");
}

Result<Days> days_between(const std::string& from, const std::string& to) {
  Days days{.first = TRY(day_of(from, "/from")), .last = TRY(day_of(to, "/to"))};
  if (days.last < days.first)
    return fail_field("/to", "The last day must not be before the first.");
  return days;
}

// Where each of a row of periods begins in a zone, and where the last one ends.
class Periods {
 public:
  Periods(PeriodKind kind, std::int64_t first, std::int64_t last, std::string_view zone)
      : first_(first) {
    for (std::int64_t number = first; number <= last + 1; number++) {
      begins_.push_back(local_day(period_begin(kind, number), zone).begin);
    }
  }

  std::int64_t first() const { return first_; }
  std::size_t count() const { return begins_.size() - 1; }
  Time begin() const { return begins_.front(); }
  Time end() const { return begins_.back(); }
  // Which one a moment is in, of those of this row.
  std::optional<std::size_t> at(Time moment) const {
    if (moment < begin() || moment >= end()) return std::nullopt;
    auto next = std::ranges::upper_bound(begins_, moment);
    return static_cast<std::size_t>(next - begins_.begin()) - 1;
  }

 private:
  std::int64_t first_;
  std::vector<Time> begins_;
};

// What contacts hold now: what the programme's own accounts owe.
Result<std::int64_t> held_now(Transaction& transaction) {
  std::int64_t held = 0;
  for (LedgerAccountKind kind :
       {LedgerAccountKind::issuance, LedgerAccountKind::redemption, LedgerAccountKind::expiry}) {
    held -= TRY(programme_balance(transaction, kind)).balance;
  }
  return held;
}

Result<> add_ledger(Transaction& transaction, const Periods& periods,
                    std::vector<Figures>& figures) {
  std::vector<std::int64_t> changes(figures.size());
  std::int64_t later = 0;
  for (const LedgerQuarter& quarter : TRY(quarters_since(transaction, periods.begin()))) {
    auto at = periods.at(quarter_begin(quarter));
    if (!at) {
      later += quarter.held();
      continue;
    }
    Figures& one = figures[*at];
    one.issued += quarter.issued;
    one.redeemed += quarter.redeemed;
    one.expired += quarter.expired;
    one.reversed += quarter.reversed;
    one.contacts_new += quarter.opened;
    changes[*at] += quarter.held();
  }
  std::int64_t held = TRY(held_now(transaction)) - later;
  for (std::size_t i = figures.size(); i-- > 0; held -= changes[i]) figures[i].liability = held;
  return {};
}

Figures sum_of(const std::vector<Figures>& figures) {
  Figures total;
  for (const Figures& one : figures) {
    total.issued += one.issued;
    total.redeemed += one.redeemed;
    total.expired += one.expired;
    total.reversed += one.reversed;
    total.contacts_new += one.contacts_new;
    total.orders += one.orders;
    total.revenue_in_cents += one.revenue_in_cents;
    total.liability = one.liability;
  }
  return total;
}

std::string month_text(std::int64_t number) {
  return to_text(period_begin(PeriodKind::month, number)).substr(0, 7);
}

// Who bought in which month of a row of months, each pair once and by contact.
using Purchases = std::vector<std::pair<std::int64_t, std::size_t>>;

Result<Purchases> purchases_in(Transaction& transaction, const Periods& months) {
  Purchases purchases;
  auto note = [&](std::int64_t contact, Time at) {
    if (auto month = months.at(at)) purchases.emplace_back(contact, *month);
  };
  TRY(each_order(transaction, [&](const PlacedOrder& order) {
    if (order.contact_id && order.amount_in_cents >= 0) note(order.contact_id, order.ordered_at);
  }));
  TRY(each_purchase(transaction, note));
  std::ranges::sort(purchases);
  auto rest = std::ranges::unique(purchases);
  purchases.erase(rest.begin(), rest.end());
  return purchases;
}

}  // namespace

Result<GetLoyaltyFigures::Output> GetLoyaltyFigures::run(Call& call, const Input& input) {
  Days days = TRY(days_between(input.from, input.to));
  const std::string& zone = call.caller.time_zone;
  std::int64_t first = period_of(input.by, days.first);
  std::int64_t last = period_of(input.by, days.last);
  if (last - first >= periods_max) {
    return fail_field("/to", fmt::format("At most {} periods are shown at once.", periods_max));
  }
  Periods periods(input.by, first, last, zone);
  std::vector<Figures> figures(periods.count());
  TRY(add_ledger(call.transaction, periods, figures));
  TRY(each_order(call.transaction, [&](const PlacedOrder& order) {
    auto at = periods.at(order.ordered_at);
    if (!at) return;
    figures[*at].revenue_in_cents += order.amount_in_cents;
    if (order.amount_in_cents >= 0) figures[*at].orders++;
  }));
  auto active = TRY(active_contacts(call.transaction, input.by, first, last));
  Output output{.time_zone = zone, .currency = call.caller.currency, .total = sum_of(figures)};
  for (std::size_t i = 0; i < figures.size(); i++) {
    std::int64_t number = first + static_cast<std::int64_t>(i);
    output.periods.push_back({.date = to_text(period_begin(input.by, number)),
                              .contacts_active = active[number],
                              .figures = figures[i]});
  }
  return output;
}

Result<GetRepeatCohorts::Output> GetRepeatCohorts::run(Call& call, const Input& input) {
  Days days = TRY(days_between(input.from, input.to));
  const std::string& zone = call.caller.time_zone;
  auto month = [](const Date& date) { return period_of(PeriodKind::month, date); };
  // Whoever bought before was there before, however long ago.
  std::int64_t beginning = month({.year = first_year, .month = 1, .day = 1});
  std::int64_t now = month(local_date(call.now(), zone));
  std::int64_t last = std::min(month(days.last), now);
  Periods months(PeriodKind::month, beginning, now, zone);
  std::size_t from = static_cast<std::size_t>(month(days.first) - beginning);
  Output output{.time_zone = zone};
  for (std::int64_t number = month(days.first); number <= last; number++) {
    output.cohorts.push_back({.month = month_text(number)});
    output.cohorts.back().bought_again.resize(static_cast<std::size_t>(now - number));
  }
  Purchases purchases = TRY(purchases_in(call.transaction, months));
  for (std::size_t i = 0; i < purchases.size();) {
    auto [contact, joined] = purchases[i];
    bool shown = joined >= from && joined - from < output.cohorts.size();
    Cohort* cohort = shown ? &output.cohorts[joined - from] : nullptr;
    if (cohort) cohort->contacts++;
    for (i++; i < purchases.size() && purchases[i].first == contact; i++) {
      if (cohort) cohort->bought_again[purchases[i].second - joined - 1]++;
    }
  }
  return output;
}

Result<GetTierFlow::Output> GetTierFlow::run(Call& call, const Input& input) {
  Days days = TRY(days_between(input.from, input.to));
  const std::string& zone = call.caller.time_zone;
  Time begin = local_day(days.first, zone).begin;
  Time end = local_day(days.last, zone).end;
  std::map<std::int64_t, std::size_t> places;
  std::map<std::int64_t, std::optional<Uuid>> uuids;
  Output output;
  for (const TierRow& tier : TRY(all_tiers(call.transaction))) {
    places[tier.id] = output.tiers.size();
    uuids[tier.id] = tier.uuid;
    output.tiers.push_back({.tier_uuid = tier.uuid, .name = tier.name});
  }
  places[0] = output.tiers.size();
  output.tiers.push_back({});
  for (const TierMoves& moves : TRY(tier_moves(call.transaction, begin, end))) {
    output.tiers[places.at(moves.from_tier)].left += moves.contacts;
    output.tiers[places.at(moves.to_tier)].entered += moves.contacts;
    output.moves.push_back({.from_tier_uuid = uuids[moves.from_tier],
                            .to_tier_uuid = uuids[moves.to_tier],
                            .moves = moves.moves,
                            .contacts = moves.contacts});
  }
  for (const TierCount& count : TRY(count_members(call.transaction))) {
    output.tiers[places.at(count.tier_id)].contacts_now = count.contacts;
  }
  return output;
}

void add_insight_operations(Catalogue& catalogue) {
  catalogue.add<GetLoyaltyFigures>();
  catalogue.add<GetRepeatCohorts>();
  catalogue.add<GetTierFlow>();
}

// Descriptions ------------------------------------------------------------------------------------

void GetLoyaltyFigures::Input::describe(Fields<Input>& field) {
  field("from", &Input::from, "The first day, such as 2026-01-01, in the account's zone.",
        {.max = 10, .format = Format::date});
  field("to", &Input::to, "The last day, included.", {.max = 10, .format = Format::date});
  field("by", &Input::by,
        "day, week (from Monday on) or month; weeks and months are told as a whole.");
}

void GetLoyaltyFigures::Figures::describe(Fields<Figures>& field) {
  field("issued", &Figures::issued, "Credits given out.");
  field("redeemed", &Figures::redeemed, "Credits spent.");
  field("expired", &Figures::expired, "Credits lost by expiry or deletion.");
  field("reversed", &Figures::reversed, "Credits taken back.");
  field("liability", &Figures::liability, "Credits that contacts held at the end.");
  field("contacts_new", &Figures::contacts_new, "Contacts made.");
  field("orders", &Figures::orders, "Orders on record, by when they were ordered.");
  field("revenue_in_cents", &Figures::revenue_in_cents,
        "What they come to, less what was cancelled, in hundredths of the currency.");
}

void GetLoyaltyFigures::Period::describe(Fields<Period>& field) {
  field("date", &Period::date, "The first day of it.");
  field("contacts_active", &Period::contacts_active,
        "Contacts who received credits or had some taken back, each once.");
  field("figures", &Period::figures, "What happened in it.");
}

void GetLoyaltyFigures::Output::describe(Fields<Output>& field) {
  field("time_zone", &Output::time_zone, "Whose days these are.");
  field("currency", &Output::currency, "Of the revenue, ISO 4217.");
  field("periods", &Output::periods, "Each period, the oldest first.");
  field("total", &Output::total, "All periods together; the liability is that of the last one.");
}

void GetRepeatCohorts::Input::describe(Fields<Input>& field) {
  field("from", &Input::from, "A day of the first month, in the account's zone.",
        {.max = 10, .format = Format::date});
  field("to", &Input::to, "A day of the last month.", {.max = 10, .format = Format::date});
}

void GetRepeatCohorts::Cohort::describe(Fields<Cohort>& field) {
  field("month", &Cohort::month, "The month of the first purchase, such as 2026-03.");
  field("contacts", &Cohort::contacts, "How many bought for the first time in it.");
  field("bought_again", &Cohort::bought_again,
        "How many of them bought again in the next month, the one after it, and so on until now.");
}

void GetRepeatCohorts::Output::describe(Fields<Output>& field) {
  field("time_zone", &Output::time_zone, "Whose months these are.");
  field("cohorts", &Output::cohorts, "Each month, the oldest first.");
}

void GetTierFlow::Input::describe(Fields<Input>& field) {
  field("from", &Input::from, "The first day, in the account's zone.",
        {.max = 10, .format = Format::date});
  field("to", &Input::to, "The last day, included.", {.max = 10, .format = Format::date});
}

void GetTierFlow::Item::describe(Fields<Item>& field) {
  field("tier_uuid", &Item::tier_uuid, "The tier; null for those in none.");
  field("name", &Item::name, "Its name.");
  field("entered", &Item::entered, "Contacts who moved into it.");
  field("left", &Item::left, "Contacts who moved out of it.");
  field("contacts_now", &Item::contacts_now, "Contacts who are in it now.");
}

void GetTierFlow::Move::describe(Fields<Move>& field) {
  field("from_tier_uuid", &Move::from_tier_uuid, "Where from; null for no tier.");
  field("to_tier_uuid", &Move::to_tier_uuid, "Where to; null for no tier.");
  field("moves", &Move::moves, "How often.");
  field("contacts", &Move::contacts, "How many contacts.");
}

void GetTierFlow::Output::describe(Fields<Output>& field) {
  field("tiers", &Output::tiers, "Each tier, the lowest first, and at last those in none.");
  field("moves", &Output::moves, "From where to where.");
}

}  // namespace piggy
