#include "loyalty/reception.h"

#include "event/event.h"
#include "loyalty/give_back.h"
#include "operation/numbers.h"
#include "tier/active.h"

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

// What the outbox tells (piggy-api-v3, section 13.2).
struct Told {
  struct Shop {
    Uuid uuid = {};
    static void describe(Fields<Shop>& field) { field("uuid", &Shop::uuid, "The shop."); }
  };
  struct Unit {
    std::string name = {};
    static void describe(Fields<Unit>& field) { field("name", &Unit::name, "The unit."); }
  };

  Uuid uuid = {};
  std::int64_t credits = 0;
  Time created_at = {};
  std::string channel = {};
  ContactWithBalance contact = {};
  Shop shop = {};
  Unit unit = {};
  std::optional<double> unit_value = {};
  Value attributes = {};

  static void describe(Fields<Told>& field) {
    field("uuid", &Told::uuid, "The reception.");
    field("credits", &Told::credits, "Credits given; negative when they were taken.");
    field("created_at", &Told::created_at, "When.");
    field("channel", &Told::channel, "How it came in.");
    field("contact", &Told::contact, "Who received them, with the balance after it.");
    field("shop", &Told::shop, "Where.");
    field("unit", &Told::unit, "What unit_value is counted in.");
    field("unit_value", &Told::unit_value, "What earned them; null when given outright.");
    field("attributes", &Told::attributes, "The attributes that are set.", {.flat = true});
  }
};

struct CreditReceptionCreated {
  Told credit_reception = {};
  static void describe(Fields<CreditReceptionCreated>& field) {
    field("credit_reception", &CreditReceptionCreated::credit_reception, "What was given.");
  }
};

struct TierReached {
  struct Tier {
    Uuid uuid = {};
    std::string name = {};
    static void describe(Fields<Tier>& field) {
      field("uuid", &Tier::uuid, "The tier.");
      field("name", &Tier::name, "Its name.");
    }
  };

  ContactWithBalance contact = {};
  Tier tier = {};
  static void describe(Fields<TierReached>& field) {
    field("contact", &TierReached::contact, "Who reached it.");
    field("tier", &TierReached::tier, "What was reached.");
  }
};

ContactWithBalance with_balance(const ContactRow& contact, std::int64_t balance) {
  return {.uuid = contact.uuid,
          .email = contact.email,
          .credit_balance = {.id = contact.id, .balance = balance}};
}

Result<> tell(Transaction& transaction, const NewReception& reception,
              const GivenReception& given) {
  CreditReceptionCreated created{{.uuid = given.uuid,
                                  .credits = reception.credits,
                                  .created_at = given.created_at,
                                  .channel = std::string(reception.channel),
                                  .contact = with_balance(reception.contact, given.balance),
                                  .shop = {reception.shop.uuid},
                                  .unit = {reception.unit.name},
                                  .unit_value = reception.unit_value,
                                  .attributes = reception.attributes}};
  return emit(transaction, "credit_reception_created", given.uuid, created);
}

// A tier is reached from below; a reversal may take it away again in silence.
Result<> tell_tier(Transaction& transaction, const NewReception& reception,
                   const GivenReception& given) {
  const TierRow* before = given.tier_before;
  const TierRow* now = given.tier;
  if (!now || (before && before->credits_required >= now->credits_required)) return {};
  TierReached reached{.contact = with_balance(reception.contact, given.balance),
                      .tier = {.uuid = now->uuid, .name = now->name}};
  return emit(transaction, "tier_reached", reception.contact.uuid, reached);
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

namespace {

Result<> store(Transaction& transaction, const NewReception& reception,
               const GivenReception& given) {
  std::optional<std::int64_t> identifier_id;
  if (reception.identifier) identifier_id = reception.identifier->id;
  std::optional<Value> attributes;
  if (!reception.attributes.is_null()) attributes = reception.attributes;
  return transaction.append(
      reception_table,
      {given.id, given.uuid, reception.contact.id, reception.shop.id, reception.credits,
       given.balance, reception.unit.id, reception.unit_value, identifier_id, reception.channel,
       attributes, reception.evaluation, reception.reverses, reception.source, reception.reference,
       given.created_at});
}

}  // namespace

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

  TRY(store(transaction, reception, given));
  TRY(note_active(transaction, configuration.time_zone, member->last_at));
  given.tier_before = configuration.tier_by_id(member->tier_id);
  TRY(note_transaction(transaction, *member, reception.credits, given.balance_before,
                       reception.shop.id, configuration.tiers));
  given.tier = configuration.tier_by_id(member->tier_id);
  TRY(tell(transaction, reception, given));
  if (given.tier != given.tier_before) TRY(tell_tier(transaction, reception, given));
  return given;
}

Result<GivenReception> give_back_credits(Transaction& transaction, const NewReception& reception) {
  ASSERT(reception.source && reception.reference);
  MemberRow* member = TRY(member_of(transaction, reception.contact.id));
  if (!member) return contact_not_found();
  GivenReception given{.id = transaction.next_id(),
                       .uuid = transaction.next_uuid(),
                       .created_at = transaction.now()};
  std::int64_t redemption = TRY(programme_account(transaction, LedgerAccountKind::redemption));
  Transferred moved = TRY(transfer(transaction, {.from = redemption,
                                                 .to = reception.contact.id,
                                                 .amount = reception.credits,
                                                 .kind = TransferKind::redemption,
                                                 .transfer_id = given.id}));
  given.balance = moved.to_balance;
  given.balance_before = moved.to_balance - reception.credits;
  member->previous_balance = given.balance_before;
  TRY(store(transaction, reception, given));
  TRY(tell(transaction, reception, given));
  return given;
}

CreditReception shown(const Configuration& configuration, const NewReception& reception,
                      const GivenReception& given) {
  CreditReception shown{.uuid = given.uuid,
                        .credits = reception.credits,
                        .created_at = given.created_at,
                        .channel = std::string(reception.channel),
                        .contact = with_balance(reception.contact, given.balance),
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
