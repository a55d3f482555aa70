#pragma once

// Programs of somebody else's that people let act as a persona (OAuth 2.1, oauth/grant.h): which
// they are, and ending it.

#include "operation/operation.h"

namespace piggy {

struct ListAuthorizedApps {
  static constexpr OperationInfo info = {
      .name = "list_authorized_apps",
      .title = "List Authorized Apps",
      .about =
          "Lists the programs that people let act as a persona by signing in, and until when "
          "each can go on without being used. They may what the persona may.",
      .verb = Verb::get,
      .path = "/authorized-apps",
      .scope = "personas:read",
      .surface = Surface::platform,
      .wire = {.data = "apps"}};
  using Input = Empty;
  struct Item {
    std::int64_t id = 0;
    std::string app = {};
    std::string redirect_host = {};
    std::string resource = {};
    std::optional<Uuid> persona_uuid = {};
    std::string persona = {};
    std::string allowed_by = {};
    Time allowed_at = {};
    Time ends_at = {};
    static void describe(Fields<Item>& field);
  };
  struct Output {
    std::vector<Item> apps = {};
    static void describe(Fields<Output>& field) {
      field("apps", &Output::apps, "The programs, the newest first.");
    }
  };
  static Result<Output> run(Call& call, const Input&);
};

struct RevokeAuthorizedApp {
  static constexpr OperationInfo info = {
      .name = "revoke_authorized_app",
      .title = "Revoke Authorized App",
      .about =
          "Ends what a program was let do: its tokens are refused from the next call on. Somebody "
          "must allow it anew.",
      .verb = Verb::del,
      .path = "/authorized-apps/{app_id}",
      .scope = "personas:write",
      .effect = Effect::destructive,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    std::int64_t app_id = 0;
    static void describe(Fields<Input>& field) {
      field("app_id", &Input::app_id, "The id from the list.", {.min = 1});
    }
  };
  using Output = Empty;
  static Result<Output> run(Call& call, const Input& input);
};

void add_app_operations(Catalogue& catalogue);

}  // namespace piggy
