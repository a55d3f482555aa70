#pragma once

// Identifiers: cards, customer numbers and whatever else a shop knows its contacts by.

#include "contact/contact.h"
#include "operation/numbers.h"

namespace piggy {

inline auto identifier_linked() {
  return refuse(ErrorCode::conflict, 60014, "Contact identifier is already linked.");
}

// Whether it can be used or not; 60003 unknown.
Result<IdentifierRow> any_identifier_of(Transaction& transaction, std::string_view value);

// Makes one, linked when `contact` is given. 60006 when the value is taken.
Result<IdentifierRow> make_identifier(Call& call, std::string_view value, std::string_view name,
                                      const ContactRow* contact);
// Links one that belongs to nobody, and keeps its name as it stands in the row.
Result<> link_identifier(Call& call, const IdentifierRow& identifier, const ContactRow& contact);
Result<> unlink_identifier(Call& call, const IdentifierRow& identifier);
// Name and whether it is active.
Result<> update_identifier(Call& call, const IdentifierRow& before, const IdentifierRow& after);
Result<> delete_identifier(Call& call, const IdentifierRow& identifier);

struct IdentifierOfContact {
  std::string name = {};
  std::string value = {};
  bool active = true;
  bool is_default = false;
};
Result<std::vector<IdentifierOfContact>> identifiers_of(Transaction& transaction,
                                                        const ContactRow& contact);

}  // namespace piggy
