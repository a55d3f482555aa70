#include "connection/connector.h"

#include <fmt/format.h>

#include <algorithm>

namespace piggy {

bool permits(const Permissions& permissions, std::string_view tool) {
  return !permissions || std::ranges::find(*permissions, tool) != permissions->end();
}

const Operation* Connector::find(std::string_view name) const {
  for (const Operation* tool : tools()) {
    if (tool->info.name == name) return tool;
  }
  return nullptr;
}

Result<NewKey> Connector::rotate(const Reach&) {
  return fail(ErrorCode::conflict,
              fmt::format("{} gives its keys out itself: make a new one there and put it in the "
                          "place of this one.",
                          info().title));
}

Result<OAuthTerms> Connector::oauth(const std::string&, const Permissions&) const {
  return fail(ErrorCode::conflict,
              fmt::format("{} has no sign-in in the browser: connect with a key.", info().title));
}

bool Connector::rehearses(const Reach&) const { return false; }

bool Connector::rotates(const Reach&) const { return false; }

Result<bool> Connector::revoke(const Reach&) { return false; }

}  // namespace piggy
