#include "segment/condition_leaf.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "activity/activity.h"
#include "base/lower_case.h"
#include "lead/model.h"
#include "voucher/promotion.h"

namespace piggy {
namespace {

constexpr std::size_t values_max = 100;
constexpr std::size_t text_max = 500;
constexpr std::int64_t days_max = 36'500;

using enum ConditionTest;
using Family = ConditionFamily;
using On = ConditionField;

// A negated test is the other half of one that is not.
std::optional<ConditionTest> other_half(ConditionTest test) {
  switch (test) {
    case not_equals:
      return equals;
    case not_in:
      return in;
    case not_contains:
      return contains;
    case not_within_days:
      return within_days;
    case not_includes:
      return includes;
    case is_not_set:
      return is_set;
    default:
      return std::nullopt;
  }
}

std::vector<ConditionTest> tests_of(Family family) {
  switch (family) {
    case Family::text:
      return {equals,       not_equals,  in,     not_in,    contains,
              not_contains, begins_with, is_set, is_not_set};
    case Family::choice:
      return {equals, not_equals, in, not_in, is_set, is_not_set};
    case Family::several:
      return {includes, not_includes, is_set, is_not_set};
    case Family::number:
      return {equals,  not_equals, more_than, at_least,  less_than,
              at_most, between,    is_set,    is_not_set};
    case Family::flag:
      return {equals, not_equals, is_set, is_not_set};
    case Family::moment:
    case Family::day:
    case Family::instant:
      return {before, after, within_days, not_within_days, is_set, is_not_set};
  }
  return {};
}

Family family_of(On field) {
  switch (field) {
    case On::created_at:
    case On::updated_at:
    case On::first_transaction_at:
    case On::last_transaction_at:
      return Family::moment;
    case On::anonymous:
      return Family::flag;
    case On::channel:
    case On::tier:
    case On::subscription:
    case On::segment:
    case On::lead_temperature:
      return Family::choice;
    case On::shop:
      return Family::several;
    case On::balance:
    case On::transactions:
    case On::received_credits:
    case On::activity:
    case On::vouchers:
    case On::visits:
    case On::random:
    case On::lead_score:
      return Family::number;
    default:
      return Family::text;
  }
}

std::optional<Family> family_of(AttributeType type) {
  using enum AttributeType;
  switch (type) {
    case float_:
    case number:
      return Family::number;
    case boolean:
      return Family::flag;
    case date:
    case birth_date:
      return Family::day;
    case date_time:
      return Family::instant;
    case select:
      return Family::choice;
    case multi_select:
      return Family::several;
    default:
      return Family::text;
  }
}

// What the system keeps beside the attributes has a field of its own.
std::string_view field_for_system_attribute(std::string_view name) {
  static const std::map<std::string_view, std::string_view> fields = {
      {"email", "email"},
      {"loyalty_balance", "balance"},
      {"loyalty_number_of_transactions", "transactions"},
      {"loyalty_first_transaction_date", "first_transaction_at"},
      {"loyalty_last_transaction_date", "last_transaction_at"},
      {"loyalty_total_credits_received", "received_credits"},
      {"loyalty_associated_shops", "shop"},
      {"channel", "channel"},
      {"updated_at", "updated_at"},
      {"created_at", "created_at"},
      {"is_anonymous", "anonymous"},
      {"tier", "tier"}};
  auto found = fields.find(name);
  return found == fields.end() ? std::string_view() : found->second;
}

std::string listed(const auto& words) {
  std::string text;
  for (const auto& word : words) text += fmt::format("{}{}", text.empty() ? "" : ", ", word);
  return text;
}

// A name in a JSON Pointer (RFC 6901).
std::string escaped(std::string_view name) {
  std::string out;
  for (char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::optional<double> number_in(const Value& value) {
  if (value.integer()) return static_cast<double>(*value.integer());
  if (value.number() && std::isfinite(*value.number())) return *value.number();
  return std::nullopt;
}

}  // namespace

void LeafReader::wrong(std::string_view member, std::string message) {
  std::string path = path_;
  if (!member.empty()) path += fmt::format("/{}", member);
  problems_.push_back({std::move(path), std::move(message)});
}

Result<ConditionLeaf> LeafReader::read(const Value& text, const std::string& path) {
  text_ = &text;
  path_ = path;
  options_.clear();
  ConditionLeaf leaf;
  if (!read_field(leaf)) return leaf;  // What else it holds depends on that.
  bool tested = read_test(leaf);
  TRY(read_details(leaf));
  if (tested) read_value(leaf);
  refuse_others(leaf);
  return leaf;
}

bool LeafReader::read_field(ConditionLeaf& leaf) {
  std::string_view name = text_->text_of("field");
  if (name.starts_with("attribute.")) return read_attribute(leaf, name.substr(10));
  auto field = choice_of<On>(name);
  if (!field || *field == On::attribute) {
    auto words = shape_of<On>().choices;
    words.back() = "attribute.NAME";
    wrong("field", fmt::format("The field must be one of: {}.", listed(words)));
    return false;
  }
  leaf.field = *field;
  leaf.family = family_of(*field);
  if (leaf.field == On::channel) {
    for (const auto& option : names_.sheet.attribute("channel")->options) {
      options_.push_back(option.value);
    }
  }
  if (leaf.field == On::lead_temperature) options_ = shape_of<LeadTemperature>().choices;
  return true;
}

bool LeafReader::read_attribute(ConditionLeaf& leaf, std::string_view name) {
  const AttributeDefinition* attribute = names_.sheet.attribute(name);
  if (!attribute) {
    wrong("field", "There is no such attribute of contacts.");
    return false;
  }
  std::string_view other = field_for_system_attribute(name);
  if (!other.empty() || attribute->read_only()) {
    wrong("field", other.empty() ? "There are no conditions over this attribute."
                                 : fmt::format("Use the field {} for this.", other));
    return false;
  }
  leaf.field = On::attribute;
  leaf.attribute = name;
  leaf.family = *family_of(attribute->type);
  for (const auto& option : attribute->options) options_.push_back(option.value);
  return true;
}

bool LeafReader::read_test(ConditionLeaf& leaf) {
  std::vector<ConditionTest> tests = tests_of(leaf.family);
  bool counted = leaf.field == On::activity || leaf.field == On::vouchers ||
                 leaf.field == On::visits || leaf.field == On::random;
  bool named = leaf.field == On::segment || leaf.field == On::subscription;
  if (counted || named) {  // These are never unset.
    std::erase_if(tests, [](ConditionTest test) { return test == is_set || test == is_not_set; });
  }
  const Value* said = text_->find("is");
  // Whether something happened at all is what is asked most.
  if (!said && counted && !text_->find("value")) {
    leaf.test = at_least;
    return true;
  }
  auto test = choice_of<ConditionTest>(text_->text_of("is"));
  if (!test || !is_among(tests, *test)) {
    std::vector<std::string_view> words;
    for (ConditionTest one : tests) words.push_back(word_of(one));
    wrong("is", fmt::format("For this field it must be one of: {}.", listed(words)));
    return false;
  }
  auto half = other_half(*test);
  leaf.test = half.value_or(*test);
  leaf.negated = half.has_value();
  return true;
}

Result<> LeafReader::read_details(ConditionLeaf& leaf) {
  if (leaf.field == On::activity) read_activity(leaf);
  if (leaf.field == On::subscription) read_subscription(leaf);
  if (leaf.field == On::random) read_salt(leaf);
  if (leaf.field == On::visits) leaf.days = days_in("days");
  if (leaf.field == On::vouchers) return read_vouchers(leaf);
  return {};
}

void LeafReader::read_activity(ConditionLeaf& leaf) {
  leaf.days = days_in("days");
  leaf.source = uuid_in("source");
  const Value* kind = text_->find("kind");
  Value::List one;
  if (kind && kind->text()) one.push_back(*kind);
  const Value::List* kinds = kind && kind->items() ? kind->items() : &one;
  for (const Value& word : *kinds) {
    bool known = word.text() && choice_of<ActivityKind>(*word.text());
    if (known) leaf.kinds.push_back(*word.text());
  }
  if (leaf.kinds.empty() || leaf.kinds.size() != kinds->size() || kinds->size() > values_max) {
    wrong("kind", fmt::format("The kind must be one, or a list, of: {}.",
                              listed(shape_of<ActivityKind>().choices)));
  }
}

Result<> LeafReader::read_vouchers(ConditionLeaf& leaf) {
  if (text_->find("state")) {
    auto state = choice_of<VoucherCondition>(text_->text_of("state"));
    if (!state) {
      wrong("state", fmt::format("The state must be one of: {}.",
                                 listed(shape_of<VoucherCondition>().choices)));
    }
    leaf.vouchers = state.value_or(VoucherCondition::any);
  }
  auto promotion = uuid_in("promotion");
  if (!promotion) return {};
  auto found = promotion_of(transaction_, *promotion);
  if (found) {
    leaf.promotion_id = found->id;
  } else if (found.error().code == ErrorCode::not_found) {
    wrong("promotion", "There is no such promotion.");
  } else {
    return std::unexpected(found.error());
  }
  return {};
}

void LeafReader::read_subscription(ConditionLeaf& leaf) {
  for (std::string_view word : shape_of<SubscriptionStatus>().choices) options_.push_back(word);
  std::string_view wanted = text_->text_of("subscription_type");
  for (const SubscriptionType& type : names_.sheet.types) {
    if (to_string(type.uuid) != wanted) continue;
    leaf.subscription_type_id = type.id;
    leaf.unsaid = status_unsaid(type);
    return;
  }
  wrong("subscription_type", "This must be the uuid of a subscription type.");
}

// FNV-1a: any hash would do, but it must be the same for good.
void LeafReader::read_salt(ConditionLeaf& leaf) {
  const Value* salt = text_->find("salt");
  if (salt && (!salt->text() || salt->text()->size() > text_max)) {
    wrong("salt", "The salt must be a text.");
    return;
  }
  std::uint64_t hash = 14'695'981'039'346'656'037u;
  for (char c : text_->text_of("salt")) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211u;
  }
  std::uint64_t modulus = random_modulus;
  leaf.factor = static_cast<std::int64_t>(1 + hash % (modulus - 1));
  leaf.addend = static_cast<std::int64_t>(hash / modulus % modulus);
}

void LeafReader::read_value(ConditionLeaf& leaf) {
  const Value* value = text_->find("value");
  if (leaf.test == is_set) return;
  if (!value) {
    if (text_->find("is")) return wrong("value", "The value is missing.");
    leaf.numbers = {1};
    return;
  }
  if (leaf.test == within_days) {
    leaf.days = days_in("value");
  } else if (leaf.family == Family::number) {
    read_numbers(leaf, *value);
  } else if (leaf.family == Family::flag) {
    if (!value->boolean()) return wrong("value", "The value must be true or false.");
    leaf.flag = *value->boolean();
  } else if (leaf.test == before || leaf.test == after) {
    leaf.time = value->text() ? parse_time(*value->text()) : std::nullopt;
    if (!leaf.time) wrong("value", "The value must be a date such as 2024-01-31, or with a time.");
  } else {
    read_words(leaf, *value);
  }
}

void LeafReader::read_numbers(ConditionLeaf& leaf, const Value& value) {
  if (leaf.test != between) {
    auto number = number_in(value);
    if (!number) return wrong("value", "The value must be a number.");
    leaf.numbers = {*number};
    return;
  }
  const auto* ends = value.items();
  bool right = ends && ends->size() == 2 && number_in((*ends)[0]) && number_in((*ends)[1]);
  if (!right || *number_in((*ends)[1]) < *number_in((*ends)[0])) {
    return wrong("value", "The value must be a list of the smallest and the largest number.");
  }
  leaf.numbers = {*number_in((*ends)[0]), *number_in((*ends)[1])};
}

void LeafReader::read_words(ConditionLeaf& leaf, const Value& value) {
  bool several = leaf.test == in || leaf.test == includes;
  const auto* items = value.items();
  if (!several || (leaf.test == includes && !items)) return add_word(leaf, value);
  if (!items || items->empty() || items->size() > values_max) {
    return wrong("value", fmt::format("The value must be a list of 1 to {}.", values_max));
  }
  for (const Value& item : *items) add_word(leaf, item);
}

void LeafReader::add_word(ConditionLeaf& leaf, const Value& value) {
  bool named = leaf.field == On::tier || leaf.field == On::segment || leaf.field == On::shop;
  if (named) return add_named(leaf, value);
  const std::string* text = value.text();
  if (!text || text->empty() || text->size() > text_max || text->contains('\0')) {
    return wrong("value", fmt::format("The value must be a text of 1 to {} bytes.", text_max));
  }
  if (!options_.empty() && !is_among(options_, *text)) {
    return wrong("value", fmt::format("The value must be one of: {}.", listed(options_)));
  }
  leaf.texts.push_back(leaf.family == Family::text ? lower_case(*text) : *text);
}

void LeafReader::add_named(ConditionLeaf& leaf, const Value& value) {
  std::string_view wanted = value.text() ? std::string_view(*value.text()) : "";
  auto look = [&](const auto& rows) {
    for (const auto& row : rows) {
      if (to_string(row.uuid) == wanted) leaf.ids.push_back(row.id);
    }
  };
  std::size_t before_it = leaf.ids.size();
  if (leaf.field == On::tier) look(names_.sheet.tiers);
  if (leaf.field == On::shop) look(names_.sheet.shops);
  if (leaf.field == On::segment) look(names_.segments);
  if (leaf.ids.size() == before_it) {
    return wrong("value", fmt::format("The value must be the uuid of a {}.", word_of(leaf.field)));
  }
  if (leaf.field != On::segment || !names_.self) return;
  // Follows what that segment asks for, and what those ask for: none of them may be this one.
  std::set<std::int64_t> seen;
  std::vector<std::int64_t> open = {leaf.ids.back()};
  while (!open.empty()) {
    std::int64_t id = open.back();
    open.pop_back();
    if (id == names_.self) return wrong("value", "A segment may not depend on itself.");
    if (!seen.insert(id).second) continue;
    auto row = std::ranges::find(names_.segments, id, &SegmentRow::id);
    std::set<std::string> named;
    if (row->conditions) named = segments_named_in(*row->conditions);
    for (const SegmentRow& other : names_.segments) {
      if (named.contains(to_string(other.uuid))) open.push_back(other.id);
    }
  }
}

std::optional<std::int64_t> LeafReader::days_in(std::string_view member) {
  const Value* value = text_->find(member);
  if (!value) return std::nullopt;
  const std::int64_t* days = value->integer();
  if (days && *days >= 1 && *days <= days_max) return *days;
  wrong(member, fmt::format("This must be a whole number of days, 1 to {}.", days_max));
  return std::nullopt;
}

std::optional<Uuid> LeafReader::uuid_in(std::string_view member) {
  const Value* value = text_->find(member);
  if (!value) return std::nullopt;
  auto uuid = value->text() ? parse_uuid(*value->text()) : std::nullopt;
  if (!uuid) wrong(member, "This must be a uuid.");
  return uuid;
}

void LeafReader::refuse_others(const ConditionLeaf& leaf) {
  std::vector<std::string_view> known = {"field", "is"};
  if (leaf.test != is_set) known.push_back("value");
  if (leaf.field == On::activity) known.insert(known.end(), {"kind", "days", "source"});
  if (leaf.field == On::visits) known.push_back("days");
  if (leaf.field == On::vouchers) known.insert(known.end(), {"state", "promotion"});
  if (leaf.field == On::subscription) known.push_back("subscription_type");
  if (leaf.field == On::random) known.push_back("salt");
  for (const Member& member : *text_->members()) {
    if (is_among(known, member.name)) continue;
    wrong(escaped(member.name), "Nothing of this name belongs here.");
  }
}

}  // namespace piggy
