#include "segment/condition.h"

#include <fmt/format.h>

#include <algorithm>

#include "contact/system_attribute.h"
#include "lead/lead_score.h"
#include "segment/condition_leaf.h"

namespace piggy {
namespace {

constexpr std::size_t depth_max = 10;
constexpr std::size_t leaves_max = 100;

constexpr std::string_view wanted =
    "A condition is {\"all\": [...]}, {\"any\": [...]}, {\"not\": {...}}, or {\"field\", \"is\", "
    "\"value\"}.";

class Reader {
 public:
  Reader(Transaction& transaction, const ConditionNames& names, std::vector<FieldError>& problems)
      : leaf_reader_(transaction, names, problems), problems_(problems) {}

  Result<Condition> read(const Value& tree, std::string path, std::size_t depth) {
    Condition condition{.path = path};
    if (depth > depth_max) return wrong(condition, "Conditions may not be nested this deep.");
    const Value* field = tree.find("field");
    if (field) {
      condition.kind = Condition::Kind::leaf;
      condition.text = tree;
      if (++leaves_ > leaves_max) return wrong(condition, "These are too many conditions.");
      condition.leaf = TRY(leaf_reader_.read(tree, path));
      return condition;
    }
    if (!tree.members() || tree.members()->size() != 1) {
      return wrong(condition, std::string(wanted));
    }
    const Member& member = tree.members()->front();
    if (member.name == "not") {
      condition.kind = Condition::Kind::negation;
      condition.parts.push_back(TRY(read(member.value, path + "/not", depth + 1)));
      return condition;
    }
    if (member.name != "all" && member.name != "any") {
      return wrong(condition, std::string(wanted));
    }
    condition.kind = member.name == "all" ? Condition::Kind::all : Condition::Kind::any;
    path += "/" + member.name;
    const auto* items = member.value.items();
    if (!items || items->empty()) {
      condition.path = path;
      return wrong(condition, "This must be a list of at least one condition.");
    }
    for (std::size_t i = 0; i < items->size(); i++) {
      condition.parts.push_back(TRY(read((*items)[i], fmt::format("{}/{}", path, i), depth + 1)));
    }
    return condition;
  }

 private:
  Result<Condition> wrong(const Condition& condition, std::string message) {
    problems_.push_back({condition.path, std::move(message)});
    return condition;
  }

  LeafReader leaf_reader_;
  std::vector<FieldError>& problems_;
  std::size_t leaves_ = 0;
};

// Whether an event tells of what the leaf looks at. Whoever does not know says yes.
bool leaf_can_change(const ConditionLeaf& leaf, const EventRow& event) {
  using enum ConditionField;
  std::string_view type = event.type;
  if (type == segment_entered_event || type == segment_left_event) return leaf.field == segment;
  if (type == "contact_activity") {
    const Value* told = event.payload.find("activity");
    return leaf.field == activity &&
           is_among(leaf.kinds, told ? told->text_of("kind") : std::string_view());
  }
  if (type == "credit_reception_created" || type == "tier_reached") {
    return leaf.field == balance || leaf.field == tier || leaf.field == transactions ||
           leaf.field == received_credits || leaf.field == first_transaction_at ||
           leaf.field == last_transaction_at || leaf.field == shop;
  }
  if (type == lead_score_changed_event) {
    return leaf.field == lead_score || leaf.field == lead_temperature;
  }
  if (type.starts_with("voucher_")) return leaf.field == vouchers;
  const Value* changed = event.payload.find("changed_attributes");
  if (type != "contact_updated" || !changed || !changed->items() || changed->items()->empty()) {
    return true;  // A contact is new, has another address, or became one with another.
  }
  if (leaf.field == updated_at) return true;
  auto names = [&](const std::string& name) { return is_among(*changed->items(), Value(name)); };
  if (leaf.field == attribute) return names(leaf.attribute);
  if (leaf.field == subscription) {
    return names(fmt::format("subscription_status_{}", leaf.subscription_type_id));
  }
  // An address may change together with attributes.
  return leaf.field == email || leaf.field == email_domain || leaf.field == anonymous;
}

bool leaf_moves_with_time(const ConditionLeaf& leaf) {
  // A check-in is told by no event, nor is a score that changes a little.
  return leaf.days || leaf.field == ConditionField::visits ||
         leaf.field == ConditionField::lead_score ||
         leaf.field == ConditionField::lead_temperature ||
         leaf.vouchers == VoucherCondition::redeemable;
}

}  // namespace

Result<ConditionNames> condition_names(Transaction& transaction, std::int64_t self) {
  ConditionNames names{.segments = TRY(all_segments(transaction)), .self = self};
  names.sheet.shops = TRY(all_shops(transaction));
  names.sheet.tiers = TRY(all_tiers(transaction));
  names.sheet.types = TRY(subscription_types(transaction));
  auto custom = TRY(custom_attributes(transaction, AttributeEntity::contact));
  names.sheet.attributes = all_contact_attributes(names.sheet, std::move(custom), {});
  return names;
}

Result<Condition> read_conditions(Transaction& transaction, const ConditionNames& names,
                                  const Value& tree, std::string_view path) {
  std::vector<FieldError> problems;
  auto condition = TRY(Reader(transaction, names, problems).read(tree, "", 1));
  for (FieldError& problem : problems) problem.path.insert(0, path);
  if (!problems.empty()) return fail_fields(std::move(problems));
  return condition;
}

void each_leaf(const Condition& condition, const std::function<void(const Condition&)>& visit) {
  if (condition.kind == Condition::Kind::leaf) visit(condition);
  for (const Condition& part : condition.parts) each_leaf(part, visit);
}

bool moves_with_time(const Condition& condition) {
  bool moves = false;
  each_leaf(condition, [&](const Condition& at) { moves |= leaf_moves_with_time(at.leaf); });
  return moves;
}

bool can_change(const Condition& condition, const EventRow& event) {
  bool can = false;
  each_leaf(condition, [&](const Condition& at) { can = can || leaf_can_change(at.leaf, event); });
  return can;
}

std::set<std::string> segments_named_in(const Value& tree) {
  std::set<std::string> named;
  auto add = [&](const Value& value) {
    if (value.text()) named.insert(*value.text());
  };
  if (const auto* items = tree.items()) {
    for (const Value& item : *items) named.merge(segments_named_in(item));
  } else if (tree.text_of("field") == "segment") {
    const Value* value = tree.find("value");
    if (value && value->items()) std::ranges::for_each(*value->items(), add);
    if (value) add(*value);
  } else if (const auto* members = tree.members()) {
    for (const Member& member : *members) named.merge(segments_named_in(member.value));
  }
  return named;
}

}  // namespace piggy
