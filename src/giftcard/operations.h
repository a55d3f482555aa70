#pragma once

#include "giftcard/giftcard.h"
#include "operation/counted_page.h"
#include "operation/operation.h"

namespace piggy {

struct GiftcardProgramReference {
  std::int64_t id = 0;
  std::string name = {};
  Uuid uuid = {};
  std::optional<std::int64_t> max_amount_in_cents = {};
  std::string calculator_flow = "DEFAULT";
  std::optional<std::int64_t> expiration_days = {};

  static void describe(Fields<GiftcardProgramReference>& field);
};

struct Giftcard {
  std::int64_t id = 0;
  Uuid uuid = {};
  GiftcardType type = GiftcardType::DIGITAL;
  std::string hash = {};
  std::int64_t amount_in_cents = 0;
  double amount = 0;
  bool upgradeable = true;
  bool active = true;
  std::optional<Time> expiration_date = {};
  std::optional<std::string> formatted_expiration_date = {};
  std::string display_amount = {};
  std::string url = {};
  GiftcardProgramReference giftcard_program = {};
  std::vector<Value> giftcard_recipients = {};
  std::optional<ContactReference> contact = {};
  Time created_at = {};

  static void describe(Fields<Giftcard>& field);
};

// What the v3 wire lists of one.
struct ListedGiftcard {
  struct Program {
    Uuid uuid = {};
    std::string name = {};
    static void describe(Fields<Program>& field);
  };
  Uuid uuid = {};
  GiftcardType type = GiftcardType::DIGITAL;
  std::string hash = {};
  std::optional<Time> expiration_date = {};
  bool active = true;
  bool upgradeable = true;
  std::int64_t amount_in_cents = 0;
  Program giftcard_program = {};

  static void describe(Fields<ListedGiftcard>& field);
};

struct ListGiftcards {
  static constexpr OperationInfo info = {
      .name = "list_giftcards",
      .title = "List Gift Cards",
      .about = "Lists gift cards and what is on them, oldest first, of one program if asked.",
      .verb = Verb::get,
      .path = "/giftcards",
      .scope = "giftcards:read",
      .on_register = true,
      .wire = {.meta = Meta::list, .data = "giftcards"}};
  struct Input {
    std::optional<Uuid> giftcard_program_uuid = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<ListedGiftcard> giftcards = {};
    CountedPage meta = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct GetGiftcard {
  static constexpr OperationInfo info = {.name = "get_giftcard",
                                         .title = "Get Gift Card",
                                         .about = "Shows one gift card and what is on it.",
                                         .verb = Verb::get,
                                         .path = "/giftcards/{uuid}",
                                         .scope = "giftcards:read",
                                         .wire = {.meta = Meta::list}};
  struct Input {
    Uuid uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Giftcard;
  static Result<Output> run(Call& call, const Input& input);
};

struct FindGiftcard {
  static constexpr OperationInfo info = {
      .name = "find_giftcard",
      .title = "Find Gift Card",
      .about =
          "Shows the gift card with this code, which its QR code holds, and what is on it. Use it "
          "when a customer shows a card.",
      .verb = Verb::get,
      .path = "/giftcards/find-one-by",
      .scope = "giftcards:read",
      .on_register = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    std::string hash = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Giftcard;
  static Result<Output> run(Call& call, const Input& input);
};

struct CreateGiftcard {
  static constexpr OperationInfo info = {
      .name = "create_giftcard",
      .title = "Create Gift Card",
      .about =
          "Makes one digital gift card with nothing on it; create_giftcard_transaction loads it.",
      .verb = Verb::post,
      .path = "/giftcards",
      .scope = "giftcards:write",
      .effect = Effect::write,
      .on_register = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    std::int64_t type = 1;
    Uuid giftcard_program_uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Giftcard;
  static Result<Output> run(Call& call, const Input& input);
};

struct SendGiftcardByEmail {
  static constexpr OperationInfo info = {
      .name = "send_giftcard_by_email",
      .title = "Send Gift Card By Email",
      .about =
          "Mails a gift card's code and what is on it to a contact. A card of nobody becomes the "
          "contact's. A mail that was sent cannot be called back.",
      .verb = Verb::post,
      .path = "/giftcards/{uuid}/send-by-email",
      .scope = "giftcards:write",
      .effect = Effect::write,
      .on_register = true,
      .wire = {.meta = Meta::list, .data = "result"}};
  struct Input {
    Uuid uuid = {};
    Uuid contact_uuid = {};
    Value email_uuid = {};
    std::optional<Value> merge_tags = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::string result = "Email successfully sent";
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct SearchGiftcards {
  static constexpr OperationInfo info = {
      .name = "search_giftcards",
      .title = "Search Gift Cards",
      .about =
          "Lists gift cards, newest first, with what is on them and whose they are: of one program "
          "or of one contact if asked, or the one with a certain code.",
      .verb = Verb::get,
      .path = "/giftcards",
      .scope = "giftcards:read",
      .surface = Surface::platform};
  struct Input {
    std::optional<Uuid> giftcard_program_uuid = {};
    std::optional<Uuid> contact_uuid = {};
    std::optional<std::string> hash = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<Giftcard> giftcards = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct IssueGiftcards {
  static constexpr OperationInfo info = {
      .name = "issue_giftcards",
      .title = "Issue Gift Cards",
      .about =
          "Makes gift cards of a program, digital ones or codes to print on physical ones, and "
          "puts "
          "the same amount on each if one is given. Each is worth money to whoever has its code: "
          "use "
          "a dry run first to see what they would add up to. All are made, or none.",
      .verb = Verb::post,
      .path = "/giftcards",
      .scope = "giftcards:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    Uuid giftcard_program_uuid = {};
    std::optional<std::int64_t> quantity = {};
    std::optional<GiftcardType> type = {};
    std::optional<std::int64_t> amount_in_cents = {};
    std::optional<Uuid> shop_uuid = {};
    std::optional<Uuid> contact_uuid = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<Giftcard> giftcards = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct UpdateGiftcard {
  static constexpr OperationInfo info = {
      .name = "update_giftcard",
      .title = "Update Gift Card",
      .about =
          "Switches a gift card off, such as one that was lost or stolen, or on again, or gives it "
          "to a contact. What is on it stays. A card that is off is refused everywhere.",
      .verb = Verb::put,
      .path = "/giftcards/{uuid}",
      .scope = "giftcards:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    Uuid uuid = {};
    std::optional<bool> active = {};
    std::optional<Uuid> contact_uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Giftcard;
  static Result<Output> run(Call& call, const Input& input);
};

// An amount as people read it, in the account's currency.
std::string display_money(std::int64_t cents, std::string_view currency);

void add_giftcard_operations(Catalogue& catalogue);

}  // namespace piggy
