#pragma once

// Changes of a contact that more than one operation makes.

#include "contact/contact_view.h"

namespace piggy {

// Values by attribute name, taken in by their types. Unknown and read-only names and null are left
// out. Every problem becomes a field error at `path`/<name>.
struct AttributeChange {
  const AttributeDefinition* attribute = nullptr;
  Value value = {};
};
Result<std::vector<AttributeChange>> accept_attributes(const ContactSheet& sheet,
                                                       const Value& values, std::string_view path,
                                                       Time now);

// Writes them, and `record.email` and `record.is_anonymous` as they now stand. Tells of it by an
// event. 1003 when a value that must be unique belongs to another contact. `address_changed`: what
// `change_address` said, if it was asked.
Result<> change_contact(Call& call, ContactRecord& record,
                        const std::vector<AttributeChange>& changes, std::string_view path,
                        bool address_changed = false);

// Gives a contact another address: its sign-in codes die with the old one. 60005 when it is taken.
// Whether it was another.
Result<bool> change_address(Call& call, ContactRecord& record, std::string_view email);

}  // namespace piggy
