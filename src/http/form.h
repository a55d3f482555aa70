#pragma once

// Bodies and queries as the v3 wire sends them (piggy-api-v3, section 4), read into a Value:
// application/x-www-form-urlencoded and multipart/form-data with PHP's bracket nesting
// (`options[0][label]=Blue`, `attributes[]=a`, `created_at[gte]=…`). All leaves are texts.

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "shape/value.h"

namespace piggy::http {

// Decodes %XX, and '+' as a space when asked to. Nothing for broken escapes.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

// Everything but the unreserved characters of RFC 3986, section 2.3, as %XX: for a part of a path
// or of a query.
std::string percent_encode(std::string_view text);

// A parameter of a header's value (`boundary` in "multipart/form-data; boundary=x"), unquoted.
// `name` in lower case. Nothing if there is none, or its quotes do not end.
std::optional<std::string> header_parameter(std::string_view header, std::string_view name);

// An object. A set of all-numeric names (also sparse or out of order, also `[]`) becomes a list in
// the order of its numbers. A name given twice: the last one counts, as in PHP.
// Refused: broken escapes, broken UTF-8, brackets nested deeper than 16, more than 1,000 names. A
// list has as many elements as were sent, however large their numbers. Brackets that do not pair
// are part of the name.
Result<Value> parse_form(std::string_view text);

// RFC 7578, with the same names and the same limits as forms. `boundary` comes from the content
// type. Parts with a file name are taken as texts.
Result<Value> parse_multipart(std::string_view body, std::string_view boundary);

// Reads a request's body by its content type: JSON, form or multipart; nothing for an empty body,
// whatever its type says. Refused: other types with a body.
Result<Value> parse_body(std::string_view content_type, std::string_view body);

}  // namespace piggy::http
