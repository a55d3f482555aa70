#include "campaign/metrics_operations.h"

#include <fmt/format.h>

#include "schedule/recurrence.h"

namespace piggy {
namespace {

Result<DayNumbers> numbers_of(Call& call, const Date& date) {
  LocalDay day = local_day(date, call.caller.time_zone);
  DayNumbers numbers{.date = to_text(date),
                     .from = day.begin,
                     .to = day.end,
                     .hours = (day.end - day.begin) / (3600 * microseconds_per_second)};
  Span span{day.begin, day.end};
  numbers.mail = TRY(mail_numbers(call.transaction, span));
  numbers.loyalty = TRY(loyalty_numbers(call.transaction, span));
  return numbers;
}

// 1,234,567
std::string figure(std::int64_t number) {
  std::string digits = fmt::format("{}", std::abs(number));
  for (std::size_t i = 3; i < digits.size(); i += 4) digits.insert(digits.size() - i, ",");
  return digits;
}

std::string counted(std::int64_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", figure(number), number == 1 ? one : many);
}

std::string percent(double rate) { return fmt::format("{:.1f}%", rate * 100); }

std::string compared(std::int64_t before) {
  return fmt::format("({} the day before)", figure(before));
}

std::string mail_words(const MailNumbers& mail, const MailNumbers& before) {
  if (mail.recipients == 0 && mail.suppressed == 0) {
    return fmt::format("No mail went out {}", compared(before.recipients));
  }
  std::string words = fmt::format(
      "{} {} went out {}; {} {} delivered and people opened {} ({}) and clicked in {} ({})",
      figure(mail.recipients), mail.recipients == 1 ? "mail" : "mails", compared(before.recipients),
      figure(mail.delivered), mail.delivered == 1 ? "was" : "were", figure(mail.opens_unique),
      percent(mail.open_rate), figure(mail.clicks_unique), percent(mail.click_rate));
  if (mail.bounced_or_failed > 0) {
    words += fmt::format(", {} did not arrive", figure(mail.bounced_or_failed));
  }
  if (mail.unsubscribes > 0) words += fmt::format(", {} unsubscribed", figure(mail.unsubscribes));
  if (mail.spam_complaints > 0) {
    words += fmt::format(", {}", counted(mail.spam_complaints, "complained", "complained"));
  }
  if (mail.suppressed > 0) words += fmt::format(", {} held back", figure(mail.suppressed));
  return words;
}

std::string loyalty_words(const LoyaltyNumbers& loyalty, const LoyaltyNumbers& before) {
  std::string change = loyalty.liability_change == 0 ? "unchanged"
                       : loyalty.liability_change > 0
                           ? fmt::format("up {}", figure(loyalty.liability_change))
                           : fmt::format("down {}", figure(loyalty.liability_change));
  return fmt::format(
      "{} signed up {}, {} issued {}, {} redeemed and {} expired, which leaves contacts with {} "
      "({}); {} issued and {} redeemed",
      counted(loyalty.sign_ups, "contact", "contacts"), compared(before.sign_ups),
      counted(loyalty.points_issued, "credit was", "credits were"), compared(before.points_issued),
      figure(loyalty.points_redeemed), figure(loyalty.points_expired), figure(loyalty.liability),
      change, counted(loyalty.vouchers_issued, "voucher was", "vouchers were"),
      figure(loyalty.vouchers_redeemed));
}

}  // namespace

void GetCampaignMetrics::check(const Input& input, std::vector<FieldError>& problems) {
  if (!input.campaign_uuid && (!input.from || !input.to)) {
    problems.push_back({"/campaign_uuid", "Name a campaign, or both from and to."});
  }
  if (input.from && input.to && *input.to <= *input.from) {
    problems.push_back({"/to", "The to must be later than from."});
  }
}

Result<GetCampaignMetrics::Output> GetCampaignMetrics::run(Call& call, const Input& input) {
  Output output{.from = input.from.value_or(Time{0}), .to = input.to.value_or(call.now() + 1)};
  output.mail = TRY(mail_numbers(call.transaction, {output.from, output.to}, input.campaign_uuid));
  return output;
}

Result<GetDailySummary::Output> GetDailySummary::run(Call& call, const Input& input) {
  const std::string& zone = call.caller.time_zone;
  Date date = day_before(local_date(call.now(), zone));
  if (input.date) {
    auto said = parse_date(*input.date);
    if (!said) return fail_field("/date", "The date must be a day such as 2026-03-29.");
    date = *said;
  }
  Output output{.time_zone = zone};
  output.day = TRY(numbers_of(call, date));
  output.day_before = TRY(numbers_of(call, piggy::day_before(date)));
  output.late = TRY(late_events(call.transaction, {output.day.from, output.day.to}));
  output.paragraph = summary_paragraph(output, call.caller.company);
  return output;
}

std::string summary_paragraph(const GetDailySummary::Output& summary, std::string_view company) {
  const DayNumbers& day = summary.day;
  const DayNumbers& before = summary.day_before;
  // A name may hold figures that are not in the data.
  bool named = company.find_first_of("0123456789") == std::string_view::npos;
  std::string text =
      fmt::format("On {}{}{}, {}. {}.", day.date, named ? " at " : "", named ? company : "",
                  loyalty_words(day.loyalty, before.loyalty), mail_words(day.mail, before.mail));
  std::string late;
  for (const ReasonCount& one : summary.late) {
    std::string kind = one.reason;
    for (char& c : kind) {
      if (c == '_') c = ' ';
    }
    late += fmt::format("{}{} {}", late.empty() ? "" : ", ", figure(one.count), kind);
  }
  if (!late.empty()) text += fmt::format(" Learnt late of earlier days: {}.", late);
  return text;
}

void add_metrics_operations(Catalogue& catalogue) {
  catalogue.add<GetCampaignMetrics>();
  catalogue.add<GetDailySummary>();
}

// Descriptions ------------------------------------------------------------------------------------

void GetCampaignMetrics::Input::describe(Fields<Input>& field) {
  field("campaign_uuid", &Input::campaign_uuid, "Only mails of this campaign or sequence.");
  field("from", &Input::from, "Since when; from the beginning when left out with a campaign.");
  field("to", &Input::to, "Until when, not included; now when left out with a campaign.");
}

void GetCampaignMetrics::Output::describe(Fields<Output>& field) {
  field("from", &Output::from, "Since when, included.");
  field("to", &Output::to, "Until when, not included.");
  field("mail", &Output::mail, "What happened in that time.");
}

void DayNumbers::describe(Fields<DayNumbers>& field) {
  field("date", &DayNumbers::date, "The calendar day.");
  field("from", &DayNumbers::from, "When it began.");
  field("to", &DayNumbers::to, "When the next day began.");
  field("hours", &DayNumbers::hours, "How long it was: 23 or 25 where clocks changed.");
  field("mail", &DayNumbers::mail, "What happened to mails.");
  field("loyalty", &DayNumbers::loyalty, "What happened in the loyalty programme.");
}

void GetDailySummary::Input::describe(Fields<Input>& field) {
  field("date", &Input::date, "The day, such as 2026-03-29; yesterday when left out.",
        {.max = 10, .format = Format::date});
}

void GetDailySummary::Output::describe(Fields<Output>& field) {
  field("time_zone", &Output::time_zone, "Where the days are days.");
  field("day", &Output::day, "The numbers of the day.");
  field("day_before", &Output::day_before, "The numbers of the day before it.");
  field("late", &Output::late, "What was learnt on the day of earlier days, by kind of event.");
  field("paragraph", &Output::paragraph, "The day in words; each figure is in the data.");
}

}  // namespace piggy
