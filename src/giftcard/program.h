#pragma once

// A gift card program: what all its cards have in common. Its amounts and its rules never change,
// so that what held for a card when it was loaded holds for good.

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "database/database.h"

namespace piggy {

struct GiftcardProgramRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string name = {};
  bool active = true;       // Whether it gives out new cards.
  bool reloadable = false;  // Whether a card can be loaded more than once.
  std::optional<std::int64_t> expiration_days = {};
  std::optional<std::int64_t> min_amount = {};  // Cents, of one load.
  std::optional<std::int64_t> max_amount = {};  // Cents, on a card.
};

// 1100 when there is none.
Result<GiftcardProgramRow> giftcard_program_of(Transaction& transaction, const Uuid& uuid);
Result<GiftcardProgramRow> giftcard_program_by_id(Transaction& transaction, std::int64_t id);
// Oldest first.
Result<std::vector<GiftcardProgramRow>> all_giftcard_programs(Transaction& transaction);

// Mints id and uuid of the row.
Result<> make_giftcard_program(Transaction& transaction, GiftcardProgramRow& program);
// Writes name and `active`.
Result<> update_giftcard_program(Transaction& transaction, const GiftcardProgramRow& program);

Result<std::int64_t> count_giftcards(Transaction& transaction, std::int64_t program_id);

// What a program's cards add up to.
struct GiftcardFigures {
  std::int64_t cards = 0;
  std::int64_t outstanding = 0;  // Cents on cards that can still be spent.
  std::int64_t expired = 0;      // Cents on cards that are over.
  std::int64_t loaded = 0;       // Cents put on cards, less what was taken back.
  std::int64_t spent = 0;        // Cents paid with cards, less what was given back.
};
Result<GiftcardFigures> figures_of(Transaction& transaction, const GiftcardProgramRow& program);

}  // namespace piggy
