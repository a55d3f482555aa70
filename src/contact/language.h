#pragma once

// The language in which we write to a contact.

#include "base/error.h"
#include "base/language.h"
#include "database/database.h"
#include "shape/value.h"

namespace piggy {

// What the contact, or the shop for it, chose by the attribute `locale`; `otherwise` when nothing
// was chosen, or a language that we do not speak, or the contact is gone: the language of the page
// on which something was asked for, where there was one.
Language language_for(const Value& attributes, Language otherwise = Language::en);
Result<Language> language_for(Transaction& transaction, std::int64_t contact_id,
                              Language otherwise = Language::en);

}  // namespace piggy
