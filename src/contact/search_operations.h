#pragma once

#include "operation/operation.h"

namespace piggy {

struct SearchContacts {
  static constexpr OperationInfo info = {
      .name = "search_contacts",
      .title = "Search Contacts",
      .about =
          "Finds contacts by what people call them: an e-mail address, a card's number, or a first "
          "or last name, without regard to case and accents. Words are whole ones unless it is "
          "said "
          "that they may be only begun. Shows at most twenty. Changes nothing.",
      .verb = Verb::get,
      .path = "/contacts/search",
      .scope = "contacts:read",
      .surface = Surface::platform,
      .slow = true,
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

}  // namespace piggy
