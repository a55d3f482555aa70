// Requests about points and vouchers, each by its words and by what stands beside them.

#include <algorithm>
#include <cmath>
#include <optional>

#include "chat/interpretation.h"
#include "chat/requests.h"
#include "chat/vocabulary.h"
#include "chat/words.h"

namespace piggy {
namespace {

using Vocabulary = std::initializer_list<std::string_view>;

constexpr Vocabulary points = {"points", "point", "credits", "credit", "pts", "loyalty"};
constexpr Vocabulary vouchers = {"voucher", "vouchers", "coupon",      "coupons",
                                 "code",    "codes",    "vouchercode", "vouchercodes"};

// "50 points", "20 extra points".
bool counts_points(const Reader& reader) {
  const std::vector<Word>& words = reader.words();
  auto is_points = [&](std::size_t at) {
    return at < words.size() &&
           std::ranges::any_of(points, [&](auto known) { return is_word(words[at], known); });
  };
  for (std::size_t at = 0; at < words.size(); at++) {
    if (words[at].kind != WordKind::number || words[at].pause) continue;
    bool between = at + 1 < words.size() &&
                   is_one_of(words[at + 1], "extra bonus loyalty more additional goodwill welcome");
    if (is_points(at + 1) || (between && is_points(at + 2))) return true;
  }
  return false;
}

// "Does she have enough credits for a reward of 500?"
bool asks_for_enough(const Reader& reader) {
  return reader.any({"enough", "sufficient"}) && reader.any({"does", "has", "have"});
}

}  // namespace

Result<std::optional<Meaning>> Interpreter::reception() {
  bool give = reader_.any({"give",     "add",        "award",   "grant",  "credit", "reward",
                           "send",     "put",        "book",    "hand",   "top",    "issue",
                           "bonus",    "gift",       "deposit", "assign", "load",   "allocate",
                           "increase", "compensate", "refund",  "adding", "given",  "receive"});
  bool take = reader_.any({"take", "remove", "deduct", "subtract", "withdraw", "debit", "reduce",
                           "revoke", "minus", "taking", "removing", "deducting", "subtracting",
                           "withdrawing", "debiting", "revoking"});
  if (reader_.any({"drop"})) {  // Points are dropped onto an account; "drop" alone may be either.
    if (!reader_.any({"into", "onto", "on", "in"}) || reader_.any({"from", "off"})) {
      return std::nullopt;
    }
    give = true;
  }
  bool spend = reader_.any({"spent", "spends", "spend", "bought", "purchase", "purchased", "paid",
                            "pays", "euro", "euros", "eur"}) ||
               reader_.contains("€");
  bool amount_named = reader_.any(points);
  auto number = reader_.peek(WordKind::number);
  give = give || (number && (number->said.starts_with('+') || amount_named));
  if (reader_.any({"how", "balance"}) && !number) return std::nullopt;
  if (asks_for_enough(reader_)) return std::nullopt;
  if (reader_.any({"booking", "prepaid", "voucher", "vouchers", "product"})) return std::nullopt;
  if (reader_.any({"message", "note", "letter", "reminder", "call", "sms"})) return std::nullopt;
  if (!(give || take || spend)) return std::nullopt;
  if (!amount_named && !spend && !number) return std::nullopt;
  if (!amount_named && !spend && !reader_.peek(WordKind::email)) return std::nullopt;
  Meaning out{.kind = Meaning::Kind::call, .tool = "create_credit_reception"};
  auto credits = reader_.number_near(points);
  // "He bought a grill, give him 50 points": points are given, whatever was bought.
  bool by_value =
      spend && !counts_points(reader_) &&
      !(credits && amount_named && (give || take) && !reader_.any({"spent", "bought", "paid"}));
  if (by_value) {
    auto value = credits ? credits : reader_.take(WordKind::number);
    if (value) out.input.set("unit_value", value->number);
  } else {
    if (!credits) credits = reader_.take(WordKind::number);
    if (credits && credits->number == std::floor(credits->number)) {
      auto whole = static_cast<std::int64_t>(credits->number);
      out.input.set("credits", take && whole > 0 ? -whole : whole);
    }
  }
  bool amount = out.input.find("credits") || out.input.find("unit_value");
  auto shops = TRY(names_.shops());
  std::vector<Named> shop = reader_.best(shops);
  // A card is handed over as it is.
  auto card = reader_.peek(WordKind::email) ? std::nullopt : reader_.take(WordKind::code);
  if (card) {
    out.input.set("contact_identifier_value", card->said);
  } else if (!TRY(take_contact(out, "contact_uuid", "Which contact?"))) {
    return out;
  }
  // The answer to a question would be a number alone, and points given.
  if (!amount && take) return nothing("How many points shall be taken? Say it in one go, please.");
  if (!amount) return ask(out.tool, out.input, "credits", "How many points?");
  if (shop.empty() && shops.size() == 1) shop = shops;
  (void)take_named(out, "shop_uuid", std::move(shop), "In which shop?");
  return out;
}

Result<std::optional<Meaning>> Interpreter::balance() {
  bool named = reader_.any(points) || reader_.any({"balance", "balances", "saldo"});
  const Word* number = reader_.peek(WordKind::number);
  bool enough = asks_for_enough(reader_);
  if (!named || (number && !number->is("one") && !enough)) return std::nullopt;
  if (!reader_.any({"how",   "what", "show",   "check", "balance", "get",     "tell",
                    "many",  "much", "has",    "have",  "look",    "points?", "what's",
                    "whats", "see",  "lookup", "fetch", "does",    "points",  "credits"})) {
    return std::nullopt;
  }
  if (reader_.any({"give", "add", "award", "grant", "take", "remove", "deduct", "transfer", "move",
                   "register", "book", "log", "process"}) &&
      !reader_.says("give me")) {
    return std::nullopt;
  }
  Meaning out{.kind = Meaning::Kind::call, .tool = "get_contact_credit_balance"};
  (void)TRY(take_contact(out, "contact_uuid", "Whose balance?"));
  return out;
}

Result<std::optional<Meaning>> Interpreter::batch() {
  if (!reader_.any(vouchers)) return std::nullopt;
  if (!reader_.any(make) && !reader_.peek(WordKind::number)) return std::nullopt;
  if (reader_.any({"find", "look", "lookup", "check", "status", "search", "how"})) {
    return std::nullopt;
  }
  auto quantity = reader_.number_near(vouchers);
  if (!quantity) quantity = reader_.take(WordKind::number);
  auto code = reader_.peek(WordKind::code);
  bool batch = reader_.any({"batch", "vouchers", "codes", "coupons"});
  if (!quantity && (code || !batch)) return std::nullopt;
  Meaning out{.kind = Meaning::Kind::call, .tool = "create_vouchers_batch"};
  if (quantity) out.input.set("quantity", static_cast<std::int64_t>(quantity->number));
  if (auto until = reader_.date_after({"until", "till", "expire", "expires", "expiring", "through",
                                       "end", "to", "by", "before", "valid", "expiry"})) {
    out.input.set("expiration_date", *until);
  }
  if (auto from = reader_.date_after({"from", "starting", "activate", "active", "since"})) {
    out.input.set("activation_date", *from);
  }
  // "01/02/2027" may be either of two days.
  bool unclear = std::ranges::any_of(reader_.words(), [](const Word& word) {
    return word.kind == WordKind::plain && std::ranges::count(word.lower, '/') == 2;
  });
  bool ends = reader_.any({"until", "till", "expire", "expires", "expiring", "expiry", "valid"});
  if (unclear || reader_.peek(WordKind::date) ||
      (ends && !out.input.find("expiration_date") && !out.input.find("activation_date"))) {
    return ask(out.tool, out.input, "expiration_date",
               "Until which day? Write it like 2026-12-31, please.");
  }
  std::vector<Named> fitting = reader_.best(TRY(names_.promotions()));
  if (!take_named(out, "promotion_uuid", std::move(fitting), "For which promotion?")) return out;
  if (!TRY(mentions()).empty()) {
    if (!TRY(take_contact(out, "contact_uuid", "For which contact?"))) return out;
  }
  if (!quantity) return ask(out.tool, out.input, "quantity", "How many vouchers?");
  return out;
}

Result<std::optional<Meaning>> Interpreter::voucher() {
  bool said = reader_.any(vouchers);
  auto code = reader_.take(WordKind::code);
  if (code && code->said.starts_with("CARD") && !said) return std::nullopt;
  bool look = reader_.any({"find",   "look",    "lookup",  "check", "search", "valid",
                           "status", "is",      "show",    "get",   "what",   "still",
                           "which",  "who",     "whose",   "fetch", "pull",   "redeemed",
                           "used",   "expired", "details", "about", "info",   "verify"});
  if (!code && said && look) {
    if (auto quoted = reader_.take(WordKind::quoted)) code = quoted;
  }
  if (code && (said || (look && !reader_.any(points) && !reader_.any({"card", "contact"})))) {
    if (reader_.any({"product", "products", "sku"})) return std::nullopt;
    if (reader_.any({"redeem", "delete", "deactivate", "lock", "cancel"})) {
      return std::nullopt;
    }
    Meaning out{.kind = Meaning::Kind::call, .tool = "find_voucher_by_code"};
    out.input.set("code", code->said);
    return out;
  }
  if (said && look && !reader_.any({"how", "many", "promotions"})) {
    return ask("find_voucher_by_code", Value::object(), "code", "Which code?");
  }
  return std::nullopt;
}

}  // namespace piggy
