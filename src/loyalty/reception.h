#pragma once

// Credit receptions: the one way credits come to a contact or are taken back. A reception moves
// credits in the ledger, notes the contact's standing, and tells the outbox, all in the transaction
// it is written in. It is never changed afterwards; a reversal is a reception of its own.

#include <optional>
#include <string>
#include <string_view>

#include "contact/contact.h"
#include "ledger/ledger.h"
#include "loyalty/programme.h"
#include "shop/shop.h"

namespace piggy {

struct NewReception {
  const ContactRow& contact;
  const ShopRow& shop;
  const UnitRow& unit;
  std::int64_t credits = 0;
  std::optional<double> unit_value = {};  // None when the credits were given outright.
  std::optional<IdentifierRow> identifier = {};
  std::string_view channel = "OAUTH_API";
  Value attributes = {};                       // Null, or an object of known names.
  std::optional<std::string> evaluation = {};  // The Evaluation as JSON.
  TransferKind kind = TransferKind::reception;
  std::optional<std::int64_t> reverses = {};
  // The natural key of what it is given for (source, order): unique, so that it pays once.
  std::optional<std::string> source = {};
  std::optional<std::string> reference = {};
};

struct GivenReception {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t balance_before = 0;
  std::int64_t balance = 0;
  Time created_at = {};
  // Of the configuration it was given by; null: none.
  const TierRow* tier_before = nullptr;
  const TierRow* tier = nullptr;
};

// Refused: 1015 above the programme's max_amount (reversals never are), 1017 when the balance would
// fall below zero and the programme does not allow it, `conflict` for a natural key or a reversal
// that is there already.
Result<GivenReception> give_credits(Transaction& transaction, const Configuration& configuration,
                                    const NewReception& reception);

// A contact and a shop in one step: 55031, 1008.
struct Recipient {
  ContactRow contact = {};
  ShopRow shop = {};
};
Result<Recipient> recipient_of(Transaction& transaction, const Uuid& contact_uuid,
                               const Uuid& shop_uuid);

// As the wire shows it (piggy-api-v3, section 9.9).
struct UnitInReception {
  std::int64_t id = 0;
  std::string name = {};
  std::string label = {};
  std::string prefix = {};
  bool is_default = false;

  static void describe(Fields<UnitInReception>& field);
};

struct CreditReception {
  std::string type = "credit_reception";
  Uuid uuid = {};
  std::int64_t credits = 0;
  Time created_at = {};
  std::string channel = {};
  ContactWithBalance contact = {};
  ShopInReception shop = {};
  std::optional<IdentifierReference> contact_identifier = {};
  UnitInReception unit = {};
  std::optional<double> unit_value = {};
  Value attributes = {};

  static void describe(Fields<CreditReception>& field);
};

CreditReception shown(const Configuration& configuration, const NewReception& reception,
                      const GivenReception& given);

// A reception as it is stored, with what it names.
struct StoredReception {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t contact_id = 0;
  std::int64_t shop_id = 0;
  std::int64_t credits = 0;
  std::int64_t balance_after = 0;
  std::int64_t unit_id = 0;
  std::optional<double> unit_value = {};
  std::string channel = {};
  Value attributes = {};
  std::optional<std::int64_t> reverses = {};
  std::optional<std::string> source = {};
  Time created_at = {};
  std::optional<Uuid> contact_uuid = {};  // None: the contact was deleted.
  std::optional<std::string> contact_email = {};
  Uuid shop_uuid = {};
  std::string shop_name = {};
  ShopType shop_type = ShopType::physical;
  std::optional<std::int64_t> identifier_id = {};
  std::optional<std::string> identifier_name = {};
  std::optional<std::string> identifier_value = {};
  std::optional<bool> identifier_active = {};
};

CreditReception shown(const Configuration& configuration, const StoredReception& stored);

// The source of receptions that a referral gave.
inline constexpr std::string_view referral_source = "referral";

// 1028 when there is none.
Result<StoredReception> reception_of(Transaction& transaction, const Uuid& uuid);
Result<bool> is_reversed(Transaction& transaction, std::int64_t reception_id);
// The Evaluation as it was stored; null for credits given outright.
Result<Value> evaluation_of(Transaction& transaction, std::int64_t reception_id);

struct ReceptionFilter {
  std::optional<std::int64_t> contact_id = {};
  std::optional<std::int64_t> shop_id = {};
  std::optional<Time> from = {};  // Included.
  std::optional<Time> until = {};
  bool oldest_first = false;
  std::int64_t offset = 0;
  std::int64_t limit = 10;
};
struct FoundReceptions {
  std::vector<StoredReception> receptions = {};
  std::int64_t total = 0;
};
Result<FoundReceptions> find_receptions(Transaction& transaction, const ReceptionFilter& filter);

// When two contacts become one (see ContactMoves).
Result<> move_receptions(Transaction& transaction, const ContactRow& source,
                         const ContactRow& destination);

}  // namespace piggy
