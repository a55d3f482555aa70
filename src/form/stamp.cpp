// By what a page can be told from a program that fills in everything it finds at once.

#include <fmt/format.h>
#include <sodium.h>

#include <charconv>

#include "contact/auth_token.h"
#include "form/submission.h"

namespace piggy {
namespace {

constexpr std::int64_t fill_min = 2 * microseconds_per_second;
constexpr std::int64_t fill_max = microseconds_per_day;

std::string signature_of(const Caller& account, const Uuid& form, std::string_view moment) {
  Hash hash = account_hash(account, "form stamp", fmt::format("{} {}", to_string(form), moment));
  char hex[33];
  sodium_bin2hex(hex, sizeof hex, hash.data(), 16);
  return hex;
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::string form_stamp(const Caller& account, const Uuid& form, Time now) {
  std::string moment = std::to_string(now.microseconds);
  return fmt::format("{}.{}", moment, signature_of(account, form, moment));
}

Stamp stamp_in(const Caller& account, const Uuid& form, std::string_view stamp, Time now) {
  if (stamp.empty()) return Stamp::none;
  std::size_t dot = std::min(stamp.find('.'), stamp.size() - 1);
  std::string_view moment = stamp.substr(0, dot);
  std::int64_t shown = 0;
  auto [end, error] = std::from_chars(moment.data(), moment.data() + moment.size(), shown);
  bool number = error == std::errc() && end == moment.data() + moment.size();
  if (!number || !same(stamp.substr(dot + 1), signature_of(account, form, moment))) {
    return Stamp::broken;
  }
  std::int64_t open = now.microseconds - shown;
  if (open < fill_min) return Stamp::too_new;
  return open > fill_max ? Stamp::too_old : Stamp::good;
}

std::string spam_reason_of(const Caller& account, const FormRow& form, const PageMarks& marks,
                           Time now) {
  if (!marks.trap.empty()) return "A field was filled in that people do not see.";
  switch (stamp_in(account, form.uuid, marks.stamp, now)) {
    case Stamp::none:
      if (!page_texts_of(form).only_from_pages.value_or(false)) return {};
      return "It did not come from the form's page.";
    case Stamp::broken:
      return "It only claims to come from the form's page.";
    case Stamp::too_new:
      return "It was filled in faster than people can.";
    case Stamp::too_old:
    case Stamp::good:
      return {};
  }
  return {};
}

}  // namespace piggy
