#include "operation/operation.h"

#include <fmt/format.h>

namespace piggy {

std::string_view prefix_of(Surface surface) {
  switch (surface) {
    case Surface::v3:
      return "/api/v3/oauth/clients";
    case Surface::register_:
      return "/api/v3/register";
    case Surface::platform:
      return "/platform";
    case Surface::open:
      return "";
  }
  return "";
}

// `*` is everything, `contacts:*` everything of contacts, `*:read` all that is only read, and who
// may write may read.
bool Caller::may(std::string_view scope) const {
  if (scope.empty() || (scope == own_token_scope && token_id)) return true;
  std::string_view family = scope.substr(0, scope.find(':'));
  for (std::string_view held : scopes) {
    if (held == scope || held == "*") return true;
    if (held == "*:read" && scope.ends_with(":read")) return true;
    if (held.substr(0, held.find(':')) != family) continue;
    if (held.ends_with(":*") || (held.ends_with(":write") && scope.ends_with(":read"))) return true;
  }
  return false;
}

// Declarations are checked when the program starts, so that a door never meets a broken one.
void Catalogue::put(Operation operation) {
  const OperationInfo& info = operation.info;
  ASSERT(!info.name.empty() && info.name.size() <= 58);
  ASSERT(!info.about.empty() && !info.title.empty());
  ASSERT(find(info.name) == nullptr);
  ASSERT(info.surface == Surface::open || !info.scope.empty());
  ASSERT(info.surface != Surface::open || operation.account_of);
  for (std::size_t at = 0; (at = info.path.find('{', at)) != std::string_view::npos; at++) {
    std::string_view name = info.path.substr(at + 1, info.path.find('}', at) - at - 1);
    ASSERT(operation.input->field(name) != nullptr);
  }
  ASSERT(info.wire.data.empty() || info.wire.data == null_data ||
         operation.output->field(info.wire.data) != nullptr);
  ASSERT(info.wire.session.empty() || operation.output->field(info.wire.session) != nullptr);
  operations_.push_back(std::make_unique<Operation>(std::move(operation)));
}

const Operation* Catalogue::find(std::string_view name) const {
  for (const auto& operation : operations_) {
    if (operation->info.name == name) return operation.get();
  }
  return nullptr;
}

}  // namespace piggy
