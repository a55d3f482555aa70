#pragma once

// Values of attributes: taken in by their type, and shown in the three ways of the wire
// (piggy-api-v3, section 9.1).

#include <expected>
#include <string>

#include "base/language.h"
#include "contact/attribute.h"

namespace piggy {

// The value as it is stored: dates as 2024-01-31, moments as ATOM text, choices as their values,
// numbers and booleans as themselves, ranges as two ends around a slash. Empty text stands for
// "unset" and becomes null. The other result is the rest of the sentence "The firstname …".
std::expected<Value, Told> accept_value(const AttributeDefinition& attribute, const Value& given,
                                        Time now);

// As text for programs, never null: "" when unset.
std::string printed_value(const AttributeDefinition& attribute, const Value& stored);
// With its type, null when unset.
Value current_value(const AttributeDefinition& attribute, const Value& stored);
// As text for people, in the account's time zone.
std::string displayed_value(const AttributeDefinition& attribute, const Value& stored,
                            std::string_view time_zone);

// "A", "A and B", "A, B and C".
std::string spoken_list(const std::vector<std::string>& words);

}  // namespace piggy
