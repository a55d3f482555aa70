#include "contact/language.h"

namespace piggy {
namespace {

constexpr std::string_view select_attributes =
    "SELECT attributes FROM contact WHERE account_id = $1 AND id = $2";

}  // namespace

std::optional<Language> language_chosen(const Value& attributes) {
  return language_of_tag(attributes.text_of("locale"));
}

Result<std::optional<Language>> language_chosen(Transaction& transaction, std::int64_t contact_id) {
  auto attributes = TRY(transaction.first<Value>(select_attributes, {contact_id}));
  if (!attributes) return std::nullopt;
  return language_chosen(*attributes);
}

}  // namespace piggy
