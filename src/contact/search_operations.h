#pragma once

#include "operation/operation.h"

namespace piggy {

struct SearchContacts {
  static constexpr OperationInfo info = {
      .name = "search_contacts",
      .title = "Search Contacts",
      .about =
          "Finds contacts by what people call them: an e-mail address, a card's number, or a first "
          "or last name. Shows at most twenty. Changes nothing.",
      .verb = Verb::get,
      .path = "/contacts/search",
      .scope = "contacts:read",
      .surface = Surface::platform,
      .slow = true,
      .wire = {.data = "contacts"}};
  struct Input {
    std::string text = {};
    static void describe(Fields<Input>& field) {
      field("text", &Input::text, "What to look for.", {.min = 1, .max = 200});
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
