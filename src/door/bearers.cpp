#include "door/bearers.h"

#include <algorithm>
#include <iterator>

#include "oauth/grant.h"

namespace piggy {

Bearers::Bearers(Database& database, Callers& callers, std::string public_url)
    : database_(database), callers_(callers), public_url_(std::move(public_url)) {
  while (public_url_.ends_with('/')) public_url_.pop_back();
}

Result<std::shared_ptr<const Caller>> Bearers::who(std::string_view header, TokenKind kind) const {
  constexpr std::string_view scheme = "Bearer ";
  auto caller = callers_.by_authorization(header, kind);
  const Resource* resource = std::ranges::find(resources, kind, &Resource::kind);
  if (caller || resource == std::end(resources) || !header.starts_with(scheme)) return caller;
  auto grant = TRY(oauth::grant_of(database_, header.substr(scheme.size())));
  if (!grant || grant->resource != public_url_ + std::string(resource->path)) return caller;
  auto acting =
      TRY(callers_.acting(grant->account_id, grant->user_id, grant->subject_id, grant->id));
  if (acting->person.empty()) return caller;  // Who allowed it is no longer of the account.
  return acting;
}

}  // namespace piggy
