#pragma once

#include "operation/operation.h"

namespace piggy {

struct SearchContacts {
  static constexpr OperationInfo info = {
      .name = "search_contacts",
      .title = "Search Contacts",
      .about =
          "Finds contacts by what people call them: an e-mail address, a card's number, or a first "
          "or last name, without regard to case and accents. Words are whole ones "
          "unless it is said that they may be only begun. Shows at most twenty. Changes nothing.",
      .verb = Verb::get,
      .path = "/contacts/search",
      .scope = "contacts:read",
      .surface = Surface::platform,
      .wire = {.data = "contacts"}};
  struct Input {
    std::string text = {};
    std::optional<bool> beginnings = {};
    static void describe(Fields<Input>& field) {
      field("text", &Input::text, "What to look for.", {.min = 1, .max = 200});
      field("beginnings", &Input::beginnings,
            "Whether words may be only begun, as while somebody types: \"ann vri\" finds Anna de "
            "Vries. The order is that of the words then.");
    }
  };
  struct Found {
    Uuid uuid = {};
    std::string email = {};
    std::string name = {};
    bool is_anonymous = false;
    static void describe(Fields<Found>& field) {
      field("uuid", &Found::uuid, "The contact.");
      field("email", &Found::email, "Its address.");
      field("name", &Found::name, "First and last name, if known.", {.untrusted = true});
      field("is_anonymous", &Found::is_anonymous, "Whether it is a card without an address.");
    }
  };
  struct Output {
    std::vector<Found> contacts = {};
    static void describe(Fields<Output>& field) {
      field("contacts", &Output::contacts, "The contacts, the oldest first.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct BrowseContacts {
  static constexpr OperationInfo info = {
      .name = "browse_contacts",
      .title = "Browse Contacts",
      .about =
          "Lists contacts with the little that a list of people needs: name, address, balance and "
          "tier. To go on, send `after` with the uuid of the last one seen. Everything known of "
          "each is shown by list_contacts. Changes nothing.",
      .verb = Verb::get,
      .path = "/contacts/browse",
      .scope = "contacts:read",
      .surface = Surface::platform};
  struct Input {
    std::optional<bool> oldest_first = {};
    std::optional<Uuid> after = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field) {
      field("oldest_first", &Input::oldest_first, "The newest are first when left out.");
      field("after", &Input::after, "The last contact seen.");
      field("limit", &Input::limit, "How many at most; 30 when left out.", {.min = 1, .max = 100});
    }
  };
  struct Item {
    Uuid uuid = {};
    std::string email = {};
    std::string name = {};
    bool is_anonymous = false;
    std::int64_t credit_balance = 0;
    std::string tier = {};
    Time created_at = {};
    static void describe(Fields<Item>& field) {
      field("uuid", &Item::uuid, "The contact.");
      field("email", &Item::email, "Its address.");
      field("name", &Item::name, "First and last name, if known.", {.untrusted = true});
      field("is_anonymous", &Item::is_anonymous, "Whether it is a card without an address.");
      field("credit_balance", &Item::credit_balance, "Its credits.");
      field("tier", &Item::tier, "The name of its tier; empty for none.");
      field("created_at", &Item::created_at, "When it was made.");
    }
  };
  struct Output {
    std::vector<Item> contacts = {};
    std::int64_t total = 0;
    static void describe(Fields<Output>& field) {
      field("contacts", &Output::contacts, "The contacts; fewer than asked for at the end.");
      field("total", &Output::total, "How many there are in all.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

}  // namespace piggy
