#include "campaign/metrics.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <set>

#include "event/count.h"
#include "ledger/period.h"

namespace piggy {
namespace {

constexpr std::string_view count_sends_done = R"sql(
  SELECT state, reason, count(*) FROM send
  WHERE account_id = $1 AND done_at >= $2 AND done_at < $3
  GROUP BY state, reason ORDER BY state, reason
)sql";

constexpr std::string_view count_sends_of_source = R"sql(
  SELECT state, reason, count(*) FROM send
  WHERE account_id = $1 AND source = $4 AND done_at >= $2 AND done_at < $3
  GROUP BY state, reason ORDER BY state, reason
)sql";

constexpr std::string_view count_events_happened = R"sql(
  SELECT kind, count(*), count(DISTINCT send_id) FROM mail_event
  WHERE account_id = $1 AND happened_at >= $2 AND happened_at < $3 GROUP BY kind
)sql";

constexpr std::string_view count_events_of_source = R"sql(
  SELECT kind, count(*), count(DISTINCT send_id) FROM mail_event
  WHERE account_id = $1 AND source = $4 AND happened_at >= $2 AND happened_at < $3 GROUP BY kind
)sql";

constexpr std::string_view count_late = R"sql(
  SELECT kind, count(*) FROM mail_event
  WHERE account_id = $1 AND created_at >= $2 AND created_at < $3 AND happened_at < $2
  GROUP BY kind ORDER BY kind
)sql";

struct DoneCount {
  SendState state = SendState::sent;
  std::string reason = {};
  std::int64_t count = 0;
};

struct KindCount {
  MailEventKind kind = MailEventKind::opened;
  std::int64_t count = 0;
  std::int64_t unique = 0;
};

double rate(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

void add_sends(MailNumbers& numbers, const std::vector<DoneCount>& counts,
               std::int64_t& hard_at_once) {
  for (const DoneCount& row : counts) {
    switch (row.state) {
      case SendState::sent:
        numbers.delivered += row.count;
        break;
      case SendState::failed:
        numbers.failed += row.count;
        numbers.failed_by_reason.push_back({row.reason, row.count});
        if (row.reason == "hard_bounce") hard_at_once += row.count;
        break;
      case SendState::unknown:
        numbers.unknown += row.count;
        break;
      case SendState::suppressed:
        numbers.suppressed += row.count;
        numbers.suppressed_by_reason.push_back({row.reason, row.count});
        break;
      case SendState::queued:
      case SendState::sending:
      case SendState::cancelled:
        break;
    }
  }
  numbers.recipients = numbers.delivered + numbers.failed + numbers.unknown;
}

void add_events(MailNumbers& numbers, const std::vector<KindCount>& counts) {
  for (const KindCount& row : counts) {
    switch (row.kind) {
      case MailEventKind::opened:
        numbers.opens = row.count;
        numbers.opens_unique = row.unique;
        break;
      case MailEventKind::opened_by_machine:
        numbers.machine_opens = row.count;
        break;
      case MailEventKind::clicked:
        numbers.clicks = row.count;
        numbers.clicks_unique = row.unique;
        break;
      case MailEventKind::clicked_by_machine:
        numbers.machine_clicks = row.count;
        break;
      case MailEventKind::bounced_hard:
      case MailEventKind::bounced_soft:
        numbers.bounced += row.unique;
        break;
      case MailEventKind::complained:
        numbers.spam_complaints = row.unique;
        break;
      case MailEventKind::unsubscribed:
        numbers.unsubscribes = row.unique;
        break;
    }
  }
}

// The figures in a text: digits with commas between thousands and a decimal point, if any.
std::vector<std::string> figures_in(std::string_view text) {
  std::vector<std::string> figures;
  auto digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
  for (std::size_t i = 0; i < text.size();) {
    if (!digit(i)) {
      i++;
      continue;
    }
    std::string figure;
    for (; i < text.size(); i++) {
      bool inside = (text[i] == ',' || text[i] == '.') && digit(i + 1);
      if (!digit(i) && !inside) break;
      if (text[i] != ',') figure += text[i];
    }
    figures.push_back(std::move(figure));
  }
  return figures;
}

std::optional<double> number_of(std::string_view figure) {
  double value = 0;
  auto [end, error] = std::from_chars(figure.data(), figure.data() + figure.size(), value);
  if (error != std::errc() || end != figure.data() + figure.size()) return std::nullopt;
  return value;
}

// What may be said of the data, each as it is written with up to two decimals.
void gather(const Value& facts, std::set<std::string>& known) {
  if (const std::int64_t* integer = facts.integer()) {
    known.insert(fmt::format("{}", std::abs(*integer)));
  } else if (const double* number = facts.number()) {
    for (double shown : {std::abs(*number), std::abs(*number) * 100}) {
      for (int decimals = 0; decimals <= 2; decimals++) {
        known.insert(fmt::format("{:.{}f}", shown, decimals));
      }
    }
  } else if (const std::string* text = facts.text()) {
    for (std::string& figure : figures_in(*text)) {
      if (auto value = number_of(figure)) known.insert(fmt::format("{:.0f}", *value));
      known.insert(std::move(figure));
    }
  } else if (const Value::List* items = facts.items()) {
    for (const Value& item : *items) gather(item, known);
  } else if (const Value::Object* members = facts.members()) {
    for (const Member& member : *members) gather(member.value, known);
  }
}

}  // namespace

Result<MailNumbers> mail_numbers(Transaction& transaction, const Span& span,
                                 const std::optional<Uuid>& source) {
  MailNumbers numbers;
  std::int64_t hard_at_once = 0;
  std::vector<DoneCount> sends;
  std::vector<KindCount> events;
  if (source) {
    sends = TRY(transaction.all<DoneCount>(count_sends_of_source, {span.from, span.to, *source}));
    events = TRY(transaction.all<KindCount>(count_events_of_source, {span.from, span.to, *source}));
  } else {
    sends = TRY(transaction.all<DoneCount>(count_sends_done, {span.from, span.to}));
    events = TRY(transaction.all<KindCount>(count_events_happened, {span.from, span.to}));
  }
  add_sends(numbers, sends, hard_at_once);
  add_events(numbers, events);
  // What the server refused at once is a failure already, and bounced all the same.
  std::int64_t bounced_later = std::max<std::int64_t>(0, numbers.bounced - hard_at_once);
  numbers.delivered = std::max<std::int64_t>(0, numbers.delivered - bounced_later);
  numbers.bounced_or_failed = numbers.failed + bounced_later;
  numbers.delivery_rate = rate(numbers.delivered, numbers.recipients);
  numbers.open_rate = rate(numbers.opens_unique, numbers.delivered);
  numbers.click_rate = rate(numbers.clicks_unique, numbers.delivered);
  numbers.click_to_open_rate = rate(numbers.clicks_unique, numbers.opens_unique);
  return numbers;
}

Result<LoyaltyNumbers> loyalty_numbers(Transaction& transaction, const Span& span) {
  LedgerPeriod ledger = TRY(ledger_period(transaction, span.from, span.to));
  LoyaltyNumbers numbers{.points_issued = ledger.issued,
                         .points_redeemed = ledger.redeemed,
                         .points_expired = ledger.expired,
                         .points_reversed = ledger.reversed,
                         .liability = ledger.liability,
                         .liability_change = ledger.liability_change,
                         .redemption_rate = rate(ledger.redeemed, ledger.issued)};
  for (const EventCount& event : TRY(count_events(transaction, span.from, span.to))) {
    if (event.type == "voucher_created") numbers.vouchers_issued = event.count;
    if (event.type == "voucher_redeemed") numbers.vouchers_redeemed = event.count;
    if (event.type == "contact_created") numbers.sign_ups = event.count;
    if (event.type == "tier_reached") numbers.tier_moves = event.count;
  }
  return numbers;
}

Result<std::vector<ReasonCount>> late_events(Transaction& transaction, const Span& span) {
  return transaction.all<ReasonCount>(count_late, {span.from, span.to});
}

bool figures_are_in(std::string_view text, const Value& facts) {
  std::set<std::string> known;
  gather(facts, known);
  for (const std::string& figure : figures_in(text)) {
    if (!known.contains(figure)) return false;
  }
  return true;
}

// Descriptions ------------------------------------------------------------------------------------

void ReasonCount::describe(Fields<ReasonCount>& field) {
  field("reason", &ReasonCount::reason, "Why, or what.");
  field("count", &ReasonCount::count, "How many.");
}

void MailNumbers::describe(Fields<MailNumbers>& field) {
  field("recipients", &MailNumbers::recipients,
        "Mails handed over or refused: delivered, bounced, failed and unknown.");
  field("delivered", &MailNumbers::delivered, "Taken by the mail server and not bounced.");
  field("delivery_rate", &MailNumbers::delivery_rate, "delivered / recipients, from 0 to 1.");
  field("opens", &MailNumbers::opens, "Opened by people, each time.");
  field("opens_unique", &MailNumbers::opens_unique, "Mails opened by people.");
  field("open_rate", &MailNumbers::open_rate, "opens_unique / delivered.");
  field("machine_opens", &MailNumbers::machine_opens, "Fetched by filters and proxies; not opens.");
  field("clicks", &MailNumbers::clicks, "Links followed by people, each time.");
  field("clicks_unique", &MailNumbers::clicks_unique, "Mails of which a link was followed.");
  field("click_rate", &MailNumbers::click_rate, "clicks_unique / delivered.");
  field("click_to_open_rate", &MailNumbers::click_to_open_rate, "clicks_unique / opens_unique.");
  field("machine_clicks", &MailNumbers::machine_clicks, "Links followed by filters; not clicks.");
  field("bounced", &MailNumbers::bounced, "Mails that came back, hard or soft.");
  field("failed", &MailNumbers::failed, "Refused by the mail server, or given up.");
  field("bounced_or_failed", &MailNumbers::bounced_or_failed, "Either, each mail once.");
  field("unknown", &MailNumbers::unknown, "Lost while handed over: they may have arrived.");
  field("spam_complaints", &MailNumbers::spam_complaints, "Reported as unwanted.");
  field("unsubscribes", &MailNumbers::unsubscribes, "Mails from which somebody unsubscribed.");
  field("suppressed", &MailNumbers::suppressed, "Not sent, for lack of consent or of an address.");
  field("suppressed_by_reason", &MailNumbers::suppressed_by_reason, "Why they were not sent.");
  field("failed_by_reason", &MailNumbers::failed_by_reason, "Why they failed.");
}

void LoyaltyNumbers::describe(Fields<LoyaltyNumbers>& field) {
  field("points_issued", &LoyaltyNumbers::points_issued, "Credits given out.");
  field("points_redeemed", &LoyaltyNumbers::points_redeemed, "Credits spent.");
  field("points_expired", &LoyaltyNumbers::points_expired, "Credits lost by expiry or deletion.");
  field("points_reversed", &LoyaltyNumbers::points_reversed, "Credits taken back.");
  field("liability", &LoyaltyNumbers::liability, "Credits that contacts held at the end.");
  field("liability_change", &LoyaltyNumbers::liability_change, "How much that grew.");
  field("redemption_rate", &LoyaltyNumbers::redemption_rate, "points_redeemed / points_issued.");
  field("vouchers_issued", &LoyaltyNumbers::vouchers_issued, "Vouchers made.");
  field("vouchers_redeemed", &LoyaltyNumbers::vouchers_redeemed, "Redemptions of vouchers.");
  field("sign_ups", &LoyaltyNumbers::sign_ups, "Contacts made.");
  field("tier_moves", &LoyaltyNumbers::tier_moves, "Tiers that contacts reached.");
}

}  // namespace piggy
