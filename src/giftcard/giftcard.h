#pragma once

// A gift card: money that whoever holds its code can spend. Only transactions change what is on it
// (giftcard/transaction.h).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "contact/contact.h"
#include "database/database.h"
#include "giftcard/program.h"
#include "operation/page.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(GiftcardType, PHYSICAL, DIGITAL)

struct GiftcardRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string hash = {};  // Its code: what the QR code holds. Whoever knows it can spend.
  std::int64_t program_id = 0;
  std::optional<std::int64_t> contact_id = {};
  GiftcardType type = GiftcardType::DIGITAL;
  bool active = true;
  std::optional<Time> expires_at = {};
  std::int64_t balance = 0;  // Cents.
  std::int64_t loads = 0;    // How often it was loaded, less what was reversed.
  std::int64_t newest = 0;   // Its newest transaction; 0 for none.
  Time created_at = {};
};

// Whether more can be put on it.
bool is_upgradeable(const GiftcardProgramRow& program, const GiftcardRow& card);

// 5001 when there is none. Codes are found as they are written.
Result<GiftcardRow> giftcard_of(Transaction& transaction, const Uuid& uuid);
Result<GiftcardRow> giftcard_by_id(Transaction& transaction, std::int64_t id);
Result<GiftcardRow> giftcard_by_hash(Transaction& transaction, std::string_view hash);

struct GiftcardFilter {
  std::optional<std::int64_t> program_id = {};
  std::optional<std::int64_t> contact_id = {};
  std::optional<std::string> hash = {};
  bool newest_first = false;
};
// Fills the total of `page`.
Result<std::vector<GiftcardRow>> giftcards_on(Transaction& transaction,
                                              const GiftcardFilter& filter, Page& page);

// Makes an empty card of the program with a code that nobody can guess (60 bits of secure chance).
struct NewGiftcard {
  const GiftcardProgramRow& program;
  GiftcardType type = GiftcardType::DIGITAL;
  std::optional<std::int64_t> contact_id = {};
};
Result<GiftcardRow> make_giftcard(Transaction& transaction, const NewGiftcard& card);

// Writes `active` and the contact.
Result<> update_giftcard(Transaction& transaction, const GiftcardRow& card);

// When two contacts become one.
Result<> move_giftcards(Transaction& transaction, const ContactRow& source,
                        const ContactRow& destination);
// With a contact that is deleted: its cards are nobody's then, and still worth what is on them;
// what was noted with their transactions is gone.
Result<> forget_giftcards(Transaction& transaction, const ContactRow& contact);

}  // namespace piggy
