#include "persona/app_operations.h"

#include <algorithm>

#include "access/person.h"
#include "oauth/grant.h"
#include "oauth/url.h"
#include "persona/persona.h"

namespace piggy {

void ListAuthorizedApps::Item::describe(Fields<Item>& field) {
  field("id", &Item::id, "Its number here.");
  field("app", &Item::app, "The program, as it calls itself.", {.untrusted = true});
  field("redirect_host", &Item::redirect_host, "Where people are sent back to: whose it is.",
        {.untrusted = true});
  field("resource", &Item::resource, "What its tokens open.");
  field("persona_uuid", &Item::persona_uuid, "The persona as which it acts.");
  field("persona", &Item::persona, "The persona's name.");
  field("allowed_by", &Item::allowed_by, "Who allowed it.");
  field("allowed_at", &Item::allowed_at, "When.");
  field("ends_at", &Item::ends_at, "When it ends unless it is used before.");
}

Result<ListAuthorizedApps::Output> ListAuthorizedApps::run(Call& call, const Input&) {
  Output output;
  auto all = TRY(personas(call.transaction));
  auto people = TRY(people_of(call.transaction, call.caller.account_id));
  for (const oauth::LiveGrant& grant : TRY(oauth::live_grants(call.transaction))) {
    auto url = oauth::parse_url(grant.redirect_uri);
    Item item{.id = grant.id,
              .app = grant.client_name,
              .redirect_host = url ? url->host : "",
              .resource = grant.resource,
              .allowed_at = grant.created_at,
              .ends_at = grant.ends_at};
    auto persona = std::ranges::find(all, grant.subject_id, &PersonaRow::id);
    if (persona != all.end()) {
      item.persona_uuid = persona->uuid;
      item.persona = persona->name;
    }
    auto person = std::ranges::find(people, grant.user_id, &PersonRow::id);
    if (person != people.end()) item.allowed_by = person->email;
    output.apps.push_back(std::move(item));
  }
  return output;
}

Result<Empty> RevokeAuthorizedApp::run(Call& call, const Input& input) {
  if (!TRY(oauth::revoke_grant(call.transaction, input.app_id))) {
    return fail(ErrorCode::not_found, "There is no such program, or it was ended before.");
  }
  call.changes("authorized app", "allowed", "revoked");
  return Empty{};
}

void add_app_operations(Catalogue& catalogue) {
  catalogue.add<ListAuthorizedApps>();
  catalogue.add<RevokeAuthorizedApp>();
}

}  // namespace piggy
