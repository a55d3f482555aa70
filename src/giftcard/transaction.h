#pragma once

// What is put on a gift card and what is paid with it, append only. A card's balance is the sum of
// its transactions, at every moment between nothing and what its program allows; each transaction
// names the one before it on the card, so that none can be missing.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "giftcard/giftcard.h"
#include "operation/page.h"

namespace piggy {

// Cents: of one transaction, and on a card whose program names no maximum.
constexpr std::int64_t giftcard_amount_max = 10'000'000'000;

struct GiftcardTransactionRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t giftcard_id = 0;
  std::int64_t shop_id = 0;
  std::int64_t amount = 0;  // Cents; negative: paid with the card.
  std::int64_t balance_after = 0;
  std::int64_t previous = 0;                  // The one before it on the card; 0 for none.
  std::optional<std::int64_t> reverses = {};  // The one that it takes back.
  std::string channel = {};
  Value attributes = Value::object();
  Time created_at = {};
};

struct GiftcardPosting {
  std::int64_t amount = 0;
  std::int64_t shop_id = 0;
  std::string_view channel = "OAUTH_API";
  Value attributes = Value::object();
};

// Puts something on a card or pays with it, and brings `card` up to date. Refused: 7010 when it is
// switched off, 5002 when it has expired, 5003 beyond what is on it, 5006 when it was loaded once
// and its program allows no more, 5008 beyond the program's maximum, `/amount_in_cents` below its
// minimum.
Result<GiftcardTransactionRow> post(Transaction& transaction, const GiftcardProgramRow& program,
                                    GiftcardRow& card, const GiftcardPosting& posting);

// Takes the newest transaction of a card back by one of its own, so that the card is as it was
// before. 55025 for any other, 7010 and 5002 as above; a reversal is not reversed.
Result<GiftcardTransactionRow> reverse_transaction(Transaction& transaction, GiftcardRow& card,
                                                   const GiftcardTransactionRow& original,
                                                   std::string_view channel);

// 5010 when there is none.
Result<GiftcardTransactionRow> giftcard_transaction_of(Transaction& transaction, const Uuid& uuid);

struct GiftcardTransactionFilter {
  std::optional<std::int64_t> giftcard_id = {};
  std::optional<std::int64_t> program_id = {};
  std::optional<std::int64_t> shop_id = {};
  std::optional<Time> from = {};  // Included.
  std::optional<Time> until = {};
  bool newest_first = false;
};
// Fills the total of `page`.
Result<std::vector<GiftcardTransactionRow>> giftcard_transactions_on(
    Transaction& transaction, const GiftcardTransactionFilter& filter, Page& page);

// Re-derives every card from its transactions alone. In plain words, what does not fit.
Result<std::vector<std::string>> verify_giftcards(Transaction& transaction);

}  // namespace piggy
