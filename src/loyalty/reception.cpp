#include "loyalty/reception.h"

#include "event/event.h"
#include "operation/numbers.h"

namespace piggy {
namespace {

// One statement instead of two: every reception over the wire begins with it. Neither row can be
// among those this batch has appended and not yet sent, because nobody knows their uuids before the
// commit.
constexpr std::string_view select_recipient = R"sql(
  SELECT c.id, c.uuid, c.email, c.is_anonymous, s.id, s.uuid, s.name, s.type, s.reference
  FROM contact c LEFT JOIN shop s ON s.account_id = $1 AND s.uuid = $3
  WHERE c.account_id = $1 AND c.uuid = $2 AND c.status <> 'DELETED'
)sql";

struct RecipientRow {
  std::int64_t contact_id = 0;
  Uuid contact_uuid = {};
  std::string email = {};
  bool is_anonymous = false;
  std::optional<std::int64_t> shop_id = {};
  std::optional<Uuid> shop_uuid = {};
  std::optional<std::string> shop_name = {};
  std::optional<ShopType> shop_type = {};
  std::optional<std::string> shop_reference = {};
};

constexpr AppendTable reception_table = {
    "credit_reception",
    "account_id bigint, id bigint, uuid bytea, contact_id bigint, shop_id bigint, credits bigint, "
    "balance_after bigint, unit_id bigint, unit_value double precision, "
    "contact_identifier_id bigint, channel text, attributes text, evaluation text, "
    "reverses bigint, source text, reference text, created_at bigint"};

// Put together by moves: a list of members in braces would copy each of them.
Value contact_for_event(const NewReception& reception, std::int64_t balance) {
  Value credit_balance;
  credit_balance.set("id", reception.contact.id);
  credit_balance.set("balance", balance);
  Value contact;
  contact.set("uuid", to_string(reception.contact.uuid));
  contact.set("email", reception.contact.email);
  contact.set("credit_balance", std::move(credit_balance));
  return contact;
}

Result<> tell(Transaction& transaction, const NewReception& reception,
              const GivenReception& given) {
  Value told;
  told.set("uuid", to_string(given.uuid));
  told.set("credits", reception.credits);
  told.set("created_at", to_atom(given.created_at));
  told.set("channel", reception.channel);
  told.set("contact", contact_for_event(reception, given.balance));
  told.set("shop", {}).set("uuid", to_string(reception.shop.uuid));
  told.set("unit", {}).set("name", reception.unit.name);
  told.set("unit_value", reception.unit_value ? Value(*reception.unit_value) : Value());
  if (const Value::Object* attributes = reception.attributes.members()) {
    for (const Member& attribute : *attributes) told.set(attribute.name, attribute.value);
  }
  Value payload;
  payload.set("credit_reception", std::move(told));
  return emit(transaction, "credit_reception_created", given.uuid, payload);
}

// A tier is reached from below; a reversal may take it away again in silence.
Result<> tell_tier(Transaction& transaction, const Configuration& configuration,
                   const NewReception& reception, std::int64_t tier_before, const MemberRow& member,
                   std::int64_t balance) {
  const TierRow* before = configuration.tier_by_id(tier_before);
  const TierRow* now = configuration.tier_by_id(member.tier_id);
  if (!now || (before && before->credits_required >= now->credits_required)) return {};
  Value tier = Value::object({{"uuid", to_string(now->uuid)}, {"name", now->name}});
  return emit(transaction, "tier_reached", reception.contact.uuid,
              Value::object(
                  {{"contact", contact_for_event(reception, balance)}, {"tier", std::move(tier)}}));
}

Value all_attributes(const Configuration& configuration, const Value& given) {
  Value all = Value::object();
  for (const std::string& name : configuration.attributes) {
    const Value* value = given.find(name);
    all.set(name, value ? *value : Value());
  }
  return all;
}

UnitInReception in_reception(const UnitRow& unit) {
  return {.id = unit.id,
          .name = unit.name,
          .label = unit.label,
          .prefix = unit.prefix,
          .is_default = unit.is_default};
}

}  // namespace

Result<Recipient> recipient_of(Transaction& transaction, const Uuid& contact_uuid,
                               const Uuid& shop_uuid) {
  auto row =
      TRY(transaction.first_settled<RecipientRow>(select_recipient, {contact_uuid, shop_uuid}));
  if (!row) return contact_not_found();
  if (!row->shop_id) return shop_not_found();
  return Recipient{.contact = {.id = row->contact_id,
                               .uuid = row->contact_uuid,
                               .email = std::move(row->email),
                               .is_anonymous = row->is_anonymous},
                   .shop = {.id = *row->shop_id,
                            .uuid = *row->shop_uuid,
                            .name = *std::move(row->shop_name),
                            .type = *row->shop_type,
                            .reference = std::move(row->shop_reference)}};
}

Result<GivenReception> give_credits(Transaction& transaction, const Configuration& configuration,
                                    const NewReception& reception) {
  std::int64_t max = configuration.programme.max_amount;
  bool reversal = reception.kind == TransferKind::reversal;
  if (!reversal && (reception.credits > max || reception.credits < -max))
    return refuse(ErrorCode::conflict, 1015, "Maximum amount of credits reached.");
  MemberRow* member = TRY(member_of(transaction, reception.contact.id));
  if (!member) return contact_not_found();

  GivenReception given{.id = transaction.next_id(),
                       .uuid = transaction.next_uuid(),
                       .created_at = transaction.now()};
  std::int64_t issuance = TRY(programme_account(transaction, LedgerAccountKind::issuance));
  Transferred moved =
      TRY(transfer(transaction, {.from = issuance,
                                 .to = reception.contact.id,
                                 .amount = reception.credits,
                                 .kind = reception.kind,
                                 .transfer_id = given.id,
                                 .may_go_negative = configuration.programme.allows_negative}));
  given.balance = moved.to_balance;
  given.balance_before = moved.to_balance - reception.credits;

  std::optional<std::int64_t> identifier_id;
  if (reception.identifier) identifier_id = reception.identifier->id;
  std::optional<Value> attributes;
  if (!reception.attributes.is_null()) attributes = reception.attributes;
  TRY(transaction.append(
      reception_table,
      {given.id, given.uuid, reception.contact.id, reception.shop.id, reception.credits,
       given.balance, reception.unit.id, reception.unit_value, identifier_id, reception.channel,
       attributes, reception.evaluation, reception.reverses, reception.source, reception.reference,
       given.created_at}));

  std::int64_t tier_before = member->tier_id;
  bool tier_changed =
      TRY(note_transaction(transaction, *member, reception.credits, given.balance_before,
                           reception.shop.id, configuration.tiers));
  TRY(tell(transaction, reception, given));
  if (tier_changed)
    TRY(tell_tier(transaction, configuration, reception, tier_before, *member, given.balance));
  return given;
}

CreditReception shown(const Configuration& configuration, const NewReception& reception,
                      const GivenReception& given) {
  CreditReception shown{
      .uuid = given.uuid,
      .credits = reception.credits,
      .created_at = given.created_at,
      .channel = std::string(reception.channel),
      .contact = {.uuid = reception.contact.uuid,
                  .email = reception.contact.email,
                  .credit_balance = {.id = reception.contact.id, .balance = given.balance}},
      .shop = in_reception(reception.shop),
      .unit = in_reception(reception.unit),
      .unit_value = reception.unit_value,
      .attributes = all_attributes(configuration, reception.attributes)};
  if (const auto& identifier = reception.identifier) {
    shown.contact_identifier = IdentifierReference{
        .name = identifier->name, .value = identifier->value, .active = identifier->active};
  }
  return shown;
}

CreditReception shown(const Configuration& configuration, const StoredReception& stored) {
  CreditReception shown{
      .uuid = stored.uuid,
      .credits = stored.credits,
      .created_at = stored.created_at,
      .channel = stored.channel,
      .contact = {.uuid = stored.contact_uuid.value_or(Uuid{}),
                  .email = stored.contact_email.value_or(""),
                  .credit_balance = {.id = stored.contact_id, .balance = stored.balance_after}},
      .shop = in_reception({.id = stored.shop_id,
                            .uuid = stored.shop_uuid,
                            .name = stored.shop_name,
                            .type = stored.shop_type}),
      .unit_value = stored.unit_value,
      .attributes = all_attributes(configuration, stored.attributes)};
  if (const UnitRow* unit = configuration.unit_by_id(stored.unit_id))
    shown.unit = in_reception(*unit);
  if (stored.identifier_value) {
    shown.contact_identifier =
        IdentifierReference{.name = stored.identifier_name.value_or(""),
                            .value = *stored.identifier_value,
                            .active = stored.identifier_active.value_or(false)};
  }
  return shown;
}

void UnitInReception::describe(Fields<UnitInReception>& field) {
  field("id", &UnitInReception::id, "The number of the unit.");
  field("name", &UnitInReception::name, "Its name, which never changes.");
  field("label", &UnitInReception::label, "Its name for people.");
  field("prefix", &UnitInReception::prefix, "What stands before an amount of it.");
  field("is_default", &UnitInReception::is_default, "Whether it is meant when none is named.");
}

void CreditReception::describe(Fields<CreditReception>& field) {
  field("type", &CreditReception::type, "Always credit_reception.");
  field("uuid", &CreditReception::uuid, "The reception; needed to reverse it.");
  field("credits", &CreditReception::credits, "Credits given; negative when they were taken.");
  field("created_at", &CreditReception::created_at, "When.");
  field("channel", &CreditReception::channel, "How it came in.");
  field("contact", &CreditReception::contact, "Who received them, with the balance after it.");
  field("shop", &CreditReception::shop, "Where.");
  field("contact_identifier", &CreditReception::contact_identifier, "The card that was shown.");
  field("unit", &CreditReception::unit, "What unit_value is counted in.");
  field("unit_value", &CreditReception::unit_value,
        "The value that earned them; null when the credits were given outright.");
  field("attributes", &CreditReception::attributes,
        "Every loyalty transaction attribute by its name, null when unset.",
        {.flat = true, .untrusted = true});
}

}  // namespace piggy
