#include "contact/search_operations.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/lower_case.h"
#include "shape/json.h"

namespace piggy {
namespace {

constexpr std::size_t shown_max = 20;

// What holds the word somewhere in its attributes; whether it is the name is seen here.
constexpr std::string_view select_contacts = R"sql(
  SELECT uuid, email, is_anonymous, attributes FROM contact
  WHERE account_id = $1 AND (email = $2 OR lower(attributes) LIKE $3 ESCAPE '\')
  ORDER BY id LIMIT 500
)sql";

constexpr std::string_view select_by_identifier = R"sql(
  SELECT c.uuid, c.email, c.is_anonymous, c.attributes
  FROM contact_identifier i JOIN contact c ON c.account_id = i.account_id AND c.id = i.contact_id
  WHERE i.account_id = $1 AND i.value = $2
)sql";

struct FoundRow {
  Uuid uuid = {};
  std::string email = {};
  bool is_anonymous = false;
  Value attributes = {};
};

std::string contains(std::string_view text) {
  std::string pattern = "%";
  for (char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

std::string name_of(const FoundRow& row) {
  std::string_view first = row.attributes.text_of("firstname");
  std::string_view last = row.attributes.text_of("lastname");
  return fmt::format("{}{}{}", first, first.empty() || last.empty() ? "" : " ", last);
}

// Whether each word that is looked for is one of the name's.
bool is_name(std::string_view wanted, std::string_view name) {
  std::string padded = fmt::format(" {} ", lower_case(name));
  return padded.find(fmt::format(" {} ", wanted)) != std::string::npos;
}

}  // namespace

Result<SearchContacts::Output> SearchContacts::run(Call& call, const Input& input) {
  std::string wanted = lower_case(input.text);
  std::string_view first_word = std::string_view(wanted).substr(0, wanted.find(' '));
  auto rows = TRY(call.transaction.all<FoundRow>(select_by_identifier, {input.text}));
  for (FoundRow& row :
       TRY(call.transaction.all<FoundRow>(select_contacts, {wanted, contains(first_word)}))) {
    if (row.email == wanted || is_name(wanted, name_of(row))) rows.push_back(std::move(row));
  }
  Output output;
  for (const FoundRow& row : rows) {
    if (output.contacts.size() == shown_max) break;
    if (std::ranges::find(output.contacts, row.uuid, &Found::uuid) != output.contacts.end())
      continue;
    output.contacts.push_back({.uuid = row.uuid,
                               .email = row.email,
                               .name = name_of(row),
                               .is_anonymous = row.is_anonymous});
  }
  return output;
}

}  // namespace piggy
