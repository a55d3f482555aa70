#pragma once

// The numbers of mails and of the loyalty programme, by the date of the event. Definitions stand in
// README.md.

#include <string>
#include <string_view>
#include <vector>

#include "campaign/mail_event.h"
#include "database/database.h"
#include "shape/shape.h"

namespace piggy {

struct ReasonCount {
  std::string reason = {};
  std::int64_t count = 0;
  static void describe(Fields<ReasonCount>& field);
};

struct MailNumbers {
  std::int64_t recipients = 0;
  std::int64_t delivered = 0;
  double delivery_rate = 0;
  std::int64_t opens = 0;
  std::int64_t opens_unique = 0;
  double open_rate = 0;
  std::int64_t machine_opens = 0;
  std::int64_t clicks = 0;
  std::int64_t clicks_unique = 0;
  double click_rate = 0;
  double click_to_open_rate = 0;
  std::int64_t machine_clicks = 0;
  std::int64_t bounced = 0;
  std::int64_t failed = 0;
  std::int64_t bounced_or_failed = 0;
  std::int64_t unknown = 0;
  std::int64_t spam_complaints = 0;
  std::int64_t unsubscribes = 0;
  std::int64_t suppressed = 0;
  std::vector<ReasonCount> suppressed_by_reason = {};
  std::vector<ReasonCount> failed_by_reason = {};
  static void describe(Fields<MailNumbers>& field);
};

struct LoyaltyNumbers {
  std::int64_t points_issued = 0;
  std::int64_t points_redeemed = 0;
  std::int64_t points_expired = 0;
  std::int64_t points_reversed = 0;
  std::int64_t liability = 0;
  std::int64_t liability_change = 0;
  double redemption_rate = 0;
  std::int64_t vouchers_issued = 0;
  std::int64_t vouchers_redeemed = 0;
  std::int64_t sign_ups = 0;
  std::int64_t tier_moves = 0;
  static void describe(Fields<LoyaltyNumbers>& field);
};

struct Span {
  Time from = {};  // Included.
  Time to = {};    // Not included.
};
// What happened in a span of time, all of it or for one source.
Result<MailNumbers> mail_numbers(Transaction& transaction, const Span& span,
                                 const std::optional<Uuid>& source = {});
Result<LoyaltyNumbers> loyalty_numbers(Transaction& transaction, const Span& span);
// What was learnt in the span of what happened before it.
Result<std::vector<ReasonCount>> late_events(Transaction& transaction, const Span& span);

// Whether every figure of a text is among the data, as it stands, as a percentage of a rate, or
// within a text such as a date. Signs do not count: "fell by 5" tells of -5.
bool figures_are_in(std::string_view text, const Value& facts);

}  // namespace piggy
