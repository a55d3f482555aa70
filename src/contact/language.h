#pragma once

// The language in which we write to a contact.

#include <optional>

#include "base/error.h"
#include "base/language.h"
#include "database/database.h"
#include "shape/value.h"

namespace piggy {

// What the contact, or the shop for it, chose by the attribute `locale`. None when nothing was
// chosen, or a language that we do not speak: then the page decides on which something was asked
// for, or it is English. None as well for a contact that is gone.
std::optional<Language> language_chosen(const Value& attributes);
Result<std::optional<Language>> language_chosen(Transaction& transaction, std::int64_t contact_id);

}  // namespace piggy
