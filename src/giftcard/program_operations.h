#pragma once

#include "giftcard/program.h"
#include "operation/operation.h"

namespace piggy {

struct GiftcardProgram {
  std::int64_t id = 0;
  std::int64_t card_count = 0;
  std::int64_t settles = 0;
  Uuid uuid = {};
  std::string name = {};
  bool active = true;
  bool reloadable = false;
  std::optional<std::int64_t> expiration_days = {};
  std::optional<std::int64_t> max_amount_in_cents = {};
  std::optional<std::int64_t> min_amount_in_cents = {};
  std::string calculator_flow = "DEFAULT";

  static void describe(Fields<GiftcardProgram>& field);
};

struct ListGiftcardPrograms {
  static constexpr OperationInfo info = {
      .name = "list_giftcard_programs",
      .title = "List Gift Card Programs",
      .about = "Lists the gift card programs of the account, oldest first.",
      .verb = Verb::get,
      .path = "/giftcard-programs",
      .scope = "giftcards:read",
      .wire = {.meta = Meta::list, .data = "giftcard_programs"}};
  using Input = Empty;
  struct Output {
    std::vector<GiftcardProgram> giftcard_programs = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input&);
};

struct GetGiftcardProgram {
  static constexpr OperationInfo info = {
      .name = "get_giftcard_program",
      .title = "Get Gift Card Program",
      .about =
          "Shows one gift card program and what its cards add up to: how much was put on them, how "
          "much was paid with them, and how much can still be spent, all in cents.",
      .verb = Verb::get,
      .path = "/giftcard-programs/{giftcard_program_uuid}",
      .scope = "giftcards:read",
      .surface = Surface::platform};
  struct Input {
    Uuid giftcard_program_uuid = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    GiftcardProgram giftcard_program = {};
    std::int64_t outstanding_in_cents = 0;
    std::int64_t expired_in_cents = 0;
    std::int64_t loaded_in_cents = 0;
    std::int64_t spent_in_cents = 0;
    std::string currency = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct CreateGiftcardProgram {
  static constexpr OperationInfo info = {
      .name = "create_giftcard_program",
      .title = "Create Gift Card Program",
      .about =
          "Adds a gift card program: how long its cards are good, how much can be put on one, and "
          "whether a card can be loaded more than once. None of that can be changed afterwards. "
          "The "
          "v3 wire has no way to; the vendor's dashboard does it.",
      .verb = Verb::post,
      .path = "/giftcard-programs",
      .scope = "giftcards:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string name = {};
    std::optional<bool> reloadable = {};
    std::optional<std::int64_t> expiration_days = {};
    std::optional<std::int64_t> min_amount_in_cents = {};
    std::optional<std::int64_t> max_amount_in_cents = {};
    static void describe(Fields<Input>& field);
  };
  using Output = GiftcardProgram;
  static Result<Output> run(Call& call, const Input& input);
};

struct UpdateGiftcardProgram {
  static constexpr OperationInfo info = {
      .name = "update_giftcard_program",
      .title = "Update Gift Card Program",
      .about =
          "Renames a gift card program, or switches it off or on. One that is off gives out no new "
          "cards; those that are out can be used as before.",
      .verb = Verb::put,
      .path = "/giftcard-programs/{giftcard_program_uuid}",
      .scope = "giftcards:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    Uuid giftcard_program_uuid = {};
    std::optional<std::string> name = {};
    std::optional<bool> active = {};
    static void describe(Fields<Input>& field);
  };
  using Output = GiftcardProgram;
  static Result<Output> run(Call& call, const Input& input);
};

void add_giftcard_program_operations(Catalogue& catalogue);

}  // namespace piggy
