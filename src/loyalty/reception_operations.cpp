#include "loyalty/reception_operations.h"

#include <fmt/format.h>

#include "loyalty/evaluation.h"
#include "loyalty/give_back.h"
#include "operation/numbers.h"

namespace piggy {
namespace {

struct Given {
  Recipient recipient = {};
  std::optional<IdentifierRow> identifier = {};
};

// Who receives: the contact that is named, or whose identifier it is.
Result<Given> recipient_named(Transaction& transaction, const CreateCreditReception::Input& input) {
  Given given;
  if (const auto& value = input.contact_identifier_value)
    given.identifier = TRY(identifier_of(transaction, *value));
  if (input.contact_uuid) {
    given.recipient = TRY(recipient_of(transaction, *input.contact_uuid, input.shop_uuid));
    if (given.identifier && given.identifier->contact_id.value_or(given.recipient.contact.id) !=
                                given.recipient.contact.id) {
      return fail_field("/contact_identifier_value",
                        "The contact_identifier_value belongs to another contact.");
    }
    return given;
  }
  if (!given.identifier) {
    return fail_field("/contact_uuid",
                      "The contact_uuid field is required when no contact_identifier_value is "
                      "given.");
  }
  if (!given.identifier->contact_id) {
    return refuse(ErrorCode::conflict, 60011, "Contact identifier is not linked to a contact.");
  }
  given.recipient.contact = TRY(contact_by_id(transaction, *given.identifier->contact_id));
  given.recipient.shop = TRY(shop_of(transaction, input.shop_uuid));
  return given;
}

// What no other field takes are attributes. Names nobody has defined are dropped on the v3 wire, as
// the vendor does; elsewhere they are slips of the hand.
Result<Value> known_attributes(const Call& call, const Configuration& configuration,
                               const Value& given) {
  std::vector<FieldError> unknown;
  for (const Member& member : given.members() ? *given.members() : Value::Object()) {
    const auto& known = configuration.attributes;
    if (!call.strict || std::ranges::find(known, member.name) != known.end()) continue;
    unknown.push_back(
        {"/" + member.name, fmt::format("The {} field is not known here.", member.name)});
  }
  if (!unknown.empty()) return fail_fields(std::move(unknown));
  Value known;
  for (const std::string& name : configuration.attributes) {
    const Value* value = given.find(name);
    if (value && !value->is_null()) known.set(name, *value);
  }
  return known;
}

void note(Call& call, const ContactRow& contact, const GivenReception& given) {
  if (!call.dry_run && !call.note_effects) return;
  call.changes("credit balance of " + contact.email, given.balance_before, given.balance);
  auto name_of = [](const TierRow* tier) { return tier ? Value(tier->name) : Value(); };
  if (given.tier_before != given.tier) {
    call.changes("tier of " + contact.email, name_of(given.tier_before), name_of(given.tier));
  }
}

}  // namespace

void CreateCreditReception::check(const Input& input, std::vector<FieldError>& problems) {
  if (!input.credits && !input.unit_value) {
    problems.push_back(
        {"/credits", "The credits field is required when unit_value is not present."});
    problems.push_back(
        {"/unit_value", "The unit_value field is required when credits is not present."});
  }
  if (!input.contact_uuid && !input.contact_identifier_value) {
    problems.push_back({"/contact_uuid",
                        "The contact_uuid field is required when contact_identifier_value is not "
                        "present."});
  }
}

Result<CreditReception> CreateCreditReception::run(Configurations& configurations, Call& call,
                                                   const Input& input) {
  if (input.pos_transaction_uuid) {
    return refuse(ErrorCode::not_found, 1027, "POS Transaction not found.");
  }
  auto configuration = TRY(configurations.of(call.transaction));
  auto [recipient, identifier] = TRY(recipient_named(call.transaction, input));
  const UnitRow& unit = *TRY(unit_of(*configuration, input.unit_name));

  NewReception reception{
      .contact = recipient.contact,
      .shop = recipient.shop,
      .unit = unit,
      .unit_value = input.unit_value,
      .identifier = std::move(identifier),
      .channel = call.channel(),
      .attributes = TRY(known_attributes(call, *configuration, input.attributes))};
  if (input.credits) {
    reception.credits = *input.credits;
  } else {
    MemberRow* member = TRY(member_of(call.transaction, recipient.contact.id));
    if (!member) return contact_not_found();
    Evaluation evaluation = TRY(evaluate(*configuration, {.unit = unit,
                                                          .unit_value = *input.unit_value,
                                                          .shop_id = recipient.shop.id,
                                                          .tier_id = member->tier_id,
                                                          .at = call.now()}));
    reception.credits = evaluation.credits;
    reception.evaluation = to_json(evaluation);
  }
  GivenReception given = TRY(give_credits(call.transaction, *configuration, reception));
  note(call, recipient.contact, given);
  return shown(*configuration, reception, given);
}

Result<CalculateCredits::Output> CalculateCredits::run(Configurations& configurations, Call& call,
                                                       const Input& input) {
  auto configuration = TRY(configurations.of(call.transaction));
  ShopRow shop = TRY(shop_of(call.transaction, input.shop_uuid));
  std::int64_t tier_id = 0;
  if (input.contact_uuid) {
    ContactRow contact = TRY(contact_of(call.transaction, *input.contact_uuid));
    if (MemberRow* member = TRY(member_of(call.transaction, contact.id))) tier_id = member->tier_id;
  }
  const UnitRow& unit = *TRY(unit_of(*configuration, input.unit_name));
  Evaluation evaluation = TRY(evaluate(*configuration, {.unit = unit,
                                                        .unit_value = input.unit_value,
                                                        .shop_id = shop.id,
                                                        .tier_id = tier_id,
                                                        .at = call.now()}));
  return Output{.credits = evaluation.credits};
}

Result<CreditReception> ReverseCreditReception::run(Configurations& configurations, Call& call,
                                                    const Input& input) {
  auto refused = [](std::string why) {
    return fail_field("/credit_reception_uuid", std::move(why));
  };
  auto configuration = TRY(configurations.of(call.transaction));
  StoredReception original = TRY(reception_of(call.transaction, input.credit_reception_uuid));
  if (original.reverses) return refused("A reversal cannot be reversed.");
  if (original.source == reward_source) {
    return refused("It gave back what a reward had cost; give the reward again instead.");
  }
  if (original.source && original.source != referral_source) {
    return refused("It came with the import of an order; cancel it in its source and import that.");
  }
  if (TRY(is_reversed(call.transaction, original.id))) return refused("It is reversed already.");
  ContactRow contact = TRY(contact_by_id(call.transaction, original.contact_id));
  ShopRow shop = TRY(shop_by_id(call.transaction, original.shop_id));
  const UnitRow* unit = configuration->unit_by_id(original.unit_id);
  ASSERT(unit);

  NewReception reception{.contact = contact,
                         .shop = shop,
                         .unit = *unit,
                         .credits = -original.credits,
                         .unit_value = original.unit_value,
                         .channel = call.channel(),
                         .attributes = original.attributes,
                         .kind = TransferKind::reversal,
                         .reverses = original.id};
  if (original.identifier_id)
    reception.identifier = TRY(identifier_by_id(call.transaction, *original.identifier_id));
  auto given = give_credits(call.transaction, *configuration, reception);
  // Two at once: the index lets one through.
  if (!given && given.error().code == ErrorCode::conflict && given.error().number == 0)
    return refused("It is reversed already.");
  if (!given) return std::unexpected(given.error());
  note(call, contact, *given);
  return shown(*configuration, reception, *given);
}

Result<CreditReception> GetCreditReception::run(Configurations& configurations, Call& call,
                                                const Input& input) {
  auto configuration = TRY(configurations.of(call.transaction));
  return shown(*configuration, TRY(reception_of(call.transaction, input.credit_reception_uuid)));
}

void CreateCreditReception::Input::describe(Fields<Input>& field) {
  field("shop_uuid", &Input::shop_uuid, "Where the credits are earned; see list_shops.");
  field("contact_uuid", &Input::contact_uuid,
        "Who receives them. May be left out when contact_identifier_value says who it is.");
  field(
      "credits", &Input::credits,
      "Exactly so many, past all rules; negative to take some. Needed unless unit_value is given; "
      "decides when both are.");
  field(
      "unit_value", &Input::unit_value,
      "What was spent, in the unit: for purchase_amount major units of money, 10.40 for ten euros "
      "forty. The earning rules make credits of it.",
      {.min = 0, .max = 1'000'000'000});
  field("unit_name", &Input::unit_name,
        "What unit_value is counted in; the default unit if missing.",
        {.max = 200, .alias = "unit"});
  field("contact_identifier_value", &Input::contact_identifier_value,
        "The card or number the customer showed.", {.max = 500});
  field("pos_transaction_uuid", &Input::pos_transaction_uuid, "The till's transaction it is for.",
        {.alias = "pos_transaction_id", .hidden = true});
  field(
      "attributes", &Input::attributes,
      "Any loyalty transaction attribute under its name; see list_loyalty_transaction_attributes.",
      {.flat = true});
}

void CalculateCredits::Input::describe(Fields<Input>& field) {
  field("shop_uuid", &Input::shop_uuid, "Where it would be earned; see list_shops.");
  field("unit_value", &Input::unit_value, "What would be spent, in the unit, such as 10.40.",
        {.min = 0, .max = 1'000'000'000});
  field("unit_name", &Input::unit_name,
        "What unit_value is counted in; the default unit if missing.",
        {.max = 200, .alias = "unit"});
  field("contact_uuid", &Input::contact_uuid, "Whose tier counts; nobody's if missing.");
}

}  // namespace piggy
