#include "contact/language.h"

namespace piggy {
namespace {

constexpr std::string_view select_attributes =
    "SELECT attributes FROM contact WHERE account_id = $1 AND id = $2";

}  // namespace

Language language_for(const Value& attributes, Language otherwise) {
  return language_of_tag(attributes.text_of("locale")).value_or(otherwise);
}

Result<Language> language_for(Transaction& transaction, std::int64_t contact_id,
                              Language otherwise) {
  auto attributes = TRY(transaction.first<Value>(select_attributes, {contact_id}));
  return attributes ? language_for(*attributes, otherwise) : otherwise;
}

}  // namespace piggy
