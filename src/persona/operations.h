#pragma once

#include "connection/connection.h"
#include "operation/operation.h"
#include "persona/approval_operations.h"
#include "persona/persona.h"
#include "persona/plan.h"

namespace piggy {

// A grant as it is shown and given.
struct ToolGrant {
  std::string tool = {};
  std::optional<Ask> ask = {};
  std::optional<Limits> limits = {};
  static void describe(Fields<ToolGrant>& field);
};

// A persona as it is shown.
struct PersonaView {
  Uuid uuid = {};
  std::string name = {};
  std::string instructions = {};
  std::string model = {};
  std::string avatar = {};
  PersonaState state = PersonaState::active;
  std::vector<ToolGrant> grants = {};
  Time created_at = {};
  Time updated_at = {};
  static void describe(Fields<PersonaView>& field);
};

struct CreatePersona {
  static constexpr OperationInfo info = {
      .name = "create_persona",
      .title = "Create Persona",
      .about = "Makes a persona. It may do nothing until tools are granted to it.",
      .verb = Verb::post,
      .path = "/personas",
      .scope = "personas:write",
      .effect = Effect::write,
      .surface = Surface::platform,
      .wire = {.status = 201}};
  struct Input {
    std::string name = {};
    std::optional<std::string> instructions = {};
    std::optional<std::string> model = {};
    std::optional<std::string> avatar = {};
    static void describe(Fields<Input>& field);
  };
  using Output = PersonaView;
  static Result<Output> run(Call& call, const Input& input);
};

struct ListPersonas {
  static constexpr OperationInfo info = {.name = "list_personas",
                                         .title = "List Personas",
                                         .about = "Lists the personas and what they may do.",
                                         .verb = Verb::get,
                                         .path = "/personas",
                                         .scope = "personas:read",
                                         .surface = Surface::platform,
                                         .wire = {.data = "personas"}};
  using Input = Empty;
  struct Output {
    std::vector<PersonaView> personas = {};
    static void describe(Fields<Output>& field) {
      field("personas", &Output::personas, "The personas, the oldest first.");
    }
  };
  static Result<Output> run(Call& call, const Input&);
};

struct UpdatePersona {
  static constexpr OperationInfo info = {
      .name = "update_persona",
      .title = "Update Persona",
      .about = "Changes a persona's name, instructions, model or avatar; what is left out stays.",
      .verb = Verb::put,
      .path = "/personas/{persona_uuid}",
      .scope = "personas:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    Uuid persona_uuid = {};
    std::optional<std::string> name = {};
    std::optional<std::string> instructions = {};
    std::optional<std::string> model = {};
    std::optional<std::string> avatar = {};
    static void describe(Fields<Input>& field);
  };
  using Output = PersonaView;
  static Result<Output> run(Call& call, const Input& input);
};

struct GrantTools {
  static constexpr OperationInfo info = {
      .name = "grant_tools",
      .title = "Grant Tools",
      .about =
          "Lets a persona use tools of this Piggy and of connections, each within limits. A grant "
          "that is there is replaced; others stay. Tools that destroy wait for a person's approval "
          "in any case, and so do calls over a limit.",
      .verb = Verb::put,
      .path = "/personas/{persona_uuid}/grants",
      .scope = "personas:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    Uuid persona_uuid = {};
    std::vector<ToolGrant> grants = {};
    static void describe(Fields<Input>& field);
  };
  using Output = PersonaView;
  static Result<Output> run(const Connections& connections, Call& call, const Input& input);
};

struct RevokeTools {
  static constexpr OperationInfo info = {
      .name = "revoke_tools",
      .title = "Revoke Tools",
      .about =
          "Takes tools away from a persona, all of them when none are named. Holds from the next "
          "call on.",
      .verb = Verb::post,
      .path = "/personas/{persona_uuid}/grants/revoke",
      .scope = "personas:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    Uuid persona_uuid = {};
    std::optional<std::vector<std::string>> tools = {};
    static void describe(Fields<Input>& field);
  };
  using Output = PersonaView;
  static Result<Output> run(Call& call, const Input& input);
};

struct SetPersonaState {
  static constexpr OperationInfo info = {
      .name = "set_persona_state",
      .title = "Stop or Start Personas",
      .about =
          "The kill switch: stops a persona, or all of them when none is named, from the next "
          "call on; or lets them act again.",
      .verb = Verb::put,
      .path = "/personas/state",
      .scope = "personas:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    PersonaState state = PersonaState::stopped;
    std::optional<Uuid> persona_uuid = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::int64_t changed = 0;
    static void describe(Fields<Output>& field) {
      field("changed", &Output::changed, "How many personas were not in this state before.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct CreatePersonaToken {
  static constexpr OperationInfo info = {.name = "create_persona_token",
                                         .title = "Create Persona Token",
                                         .about =
                                             "Makes a token with which an MCP client acts as the "
                                             "persona, on behalf of whoever made it, "
                                             "and shows it this once.",
                                         .verb = Verb::post,
                                         .path = "/personas/{persona_uuid}/tokens",
                                         .scope = "personas:write",
                                         .effect = Effect::write,
                                         .surface = Surface::platform};
  struct Input {
    Uuid persona_uuid = {};
    std::optional<std::string> name = {};
    std::optional<std::int64_t> expires_in_days = {};
    std::optional<std::int64_t> rotate_every_days = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    Uuid uuid = {};
    std::string token = {};
    std::string url = {};
    std::optional<Time> rotate_at = {};
    Time expires_at = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct GetPlan {
  static constexpr OperationInfo info = {
      .name = "get_plan",
      .title = "Get Plan",
      .about = "Shows the account's plan and what is left of this month's plan credits.",
      .verb = Verb::get,
      .path = "/plan",
      .scope = "plan:read",
      .surface = Surface::platform};
  using Input = Empty;
  using Output = PlanStatus;
  static Result<Output> run(Call& call, const Input&);
};

struct ChoosePlan {
  static constexpr OperationInfo info = {
      .name = "choose_plan",
      .title = "Choose Plan",
      .about =
          "Puts the account on another plan: starter, team or pro. Every plan includes every "
          "tool.",
      .verb = Verb::put,
      .path = "/plan",
      .scope = "plan:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    std::string plan = {};
    static void describe(Fields<Input>& field) {
      field("plan", &Input::plan, "starter, team or pro.");
    }
  };
  using Output = PlanStatus;
  static Result<Output> run(Call& call, const Input& input);
};

struct AddPlanPack {
  static constexpr OperationInfo info = {
      .name = "add_plan_pack",
      .title = "Add Plan Pack",
      .about = "Adds plan credits beyond the month's; they stay until they are used.",
      .verb = Verb::post,
      .path = "/plan/packs",
      .scope = "plan:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::int64_t credits = 0;
    static void describe(Fields<Input>& field) {
      field("credits", &Input::credits, "How many.", {.min = 1, .max = 10'000'000});
    }
  };
  using Output = PlanStatus;
  static Result<Output> run(Call& call, const Input& input);
};

struct GetPlanUsage {
  static constexpr OperationInfo info = {
      .name = "get_plan_usage",
      .title = "Get Plan Usage",
      .about = "Shows what personas did and spent, by day, persona and tool.",
      .verb = Verb::get,
      .path = "/plan/usage",
      .scope = "plan:read",
      .surface = Surface::platform,
      .wire = {.data = "usage"}};
  struct Input {
    std::optional<std::string> from = {};
    std::optional<std::string> until = {};
    std::optional<Uuid> persona_uuid = {};
    static void describe(Fields<Input>& field);
  };
  struct Item {
    std::string day = {};
    Uuid persona_uuid = {};
    std::string persona = {};
    std::string tool = {};
    std::int64_t calls = 0;
    std::int64_t plan_credits = 0;
    std::int64_t points = 0;
    static void describe(Fields<Item>& field);
  };
  struct Output {
    std::vector<Item> usage = {};
    static void describe(Fields<Output>& field) {
      field("usage", &Output::usage, "By day, the newest first.");
    }
  };
  static Result<Output> run(const Connections& connections, Call& call, const Input& input);
};

// `calls` may be set later, but before an approval is decided.
void add_persona_operations(Catalogue& catalogue, Connections& connections, InnerCalls*& calls);

}  // namespace piggy
