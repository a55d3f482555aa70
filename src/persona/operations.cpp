#include "persona/operations.h"

#include <fmt/format.h>

#include <algorithm>

#include "access/access.h"
#include "operation/tool_name.h"
#include "persona/app_operations.h"
#include "persona/tool_operations.h"

namespace piggy {
namespace {

constexpr std::string_view insert_persona = R"sql(
  INSERT INTO persona (account_id, id, uuid, name, instructions, model, avatar, state, created_at,
                       updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', $8, $8)
)sql";

constexpr std::string_view select_by_name = R"sql(
  SELECT id FROM persona WHERE account_id = $1 AND name = $2
)sql";

constexpr std::string_view update_persona = R"sql(
  UPDATE persona SET name = $3, instructions = $4, model = $5, avatar = $6, updated_at = $7
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view update_state = R"sql(
  UPDATE persona SET state = $2, updated_at = $3
  WHERE account_id = $1 AND state <> $2 AND ($4 = 0 OR id = $4)
)sql";

constexpr std::string_view delete_grant = R"sql(
  DELETE FROM persona_grant
  WHERE account_id = $1 AND persona_id = $2
    AND tool = $3 AND connection_id = $4
)sql";

constexpr std::string_view insert_grant = R"sql(
  INSERT INTO persona_grant (account_id, id, persona_id, connection_id, tool, ask, calls_per_minute,
                             plan_credits_per_day, points_per_day, vouchers_per_call,
                             contacts_per_call, granted_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
)sql";

constexpr std::string_view select_usage = R"sql(
  SELECT u.day, p.uuid, p.name, u.tool, u.calls, u.plan_credits, u.points
  FROM persona_usage u JOIN persona p ON p.account_id = u.account_id AND p.id = u.persona_id
  WHERE u.account_id = $1 AND u.day >= $2 AND u.day <= $3 AND ($4 = 0 OR u.persona_id = $4)
  ORDER BY u.day DESC, p.name, u.tool
)sql";

using Grants = std::vector<std::pair<std::int64_t, Grant>>;

struct UsageRow {
  std::int64_t day = 0;
  Uuid persona_uuid = {};
  std::string persona = {};
  std::string tool = {};
  std::int64_t calls = 0;
  std::int64_t plan_credits = 0;
  std::int64_t points = 0;
};

Result<PersonaRow> persona_row(Transaction& transaction, const Uuid& uuid) {
  return TRY(personas(transaction, TRY(persona_id_of(transaction, uuid)))).front();
}

PersonaView shown(const PersonaRow& row, const Grants& grants) {
  PersonaView view{.uuid = row.uuid,
                   .name = row.name,
                   .instructions = row.instructions,
                   .model = row.model,
                   .avatar = row.avatar,
                   .state = row.state,
                   .created_at = row.created_at,
                   .updated_at = row.updated_at};
  for (const auto& [persona_id, grant] : grants) {
    if (persona_id != row.id) continue;
    view.grants.push_back({.tool = grant.name(), .ask = grant.ask, .limits = grant.limits});
  }
  return view;
}

Result<PersonaView> shown(Transaction& transaction, const Uuid& uuid) {
  PersonaRow row = TRY(persona_row(transaction, uuid));
  return shown(row, TRY(grants(transaction, row.id)));
}

Result<> must_be_free(Transaction& transaction, const std::string& name) {
  if (!TRY(transaction.first<std::int64_t>(select_by_name, {name}))) return {};
  return fail(ErrorCode::conflict, fmt::format("There is a persona {} already.", name));
}

// Nobody gives away what they do not have.
Result<Tool> grantable(const Connections& connections, Transaction& transaction,
                       const Caller& caller, const std::string& name) {
  Tool tool = TRY(offered_tool(connections, transaction, name));
  std::string_view scope = tool.connection_id ? connection_scope : tool.operation->info.scope;
  if (caller.may(scope)) return tool;
  return fail(ErrorCode::forbidden,
              fmt::format("{} needs the scope {}, which you do not have to give.", name, scope));
}

Result<std::int64_t> day_in(const std::optional<std::string>& text, std::string_view path,
                            std::int64_t otherwise) {
  if (!text) return otherwise;
  auto time = text->size() == 10 ? parse_time(*text) : std::nullopt;
  if (!time) return fail_field(std::string(path), "A day must be like 2026-11-26.");
  Date date = local_date(*time, "UTC");
  return date.year * 10'000 + date.month * 100 + date.day;
}

}  // namespace

void ToolGrant::describe(Fields<ToolGrant>& field) {
  field("tool", &ToolGrant::tool, "The tool's name, such as piggy_list_perks.", {.min = 1});
  field("ask", &ToolGrant::ask,
        "When a person must approve: destructive (tools that destroy alone) or always (every "
        "write).");
  field("limits", &ToolGrant::limits, "How far it may go; none when left out.");
}

void PersonaView::describe(Fields<PersonaView>& field) {
  field("uuid", &PersonaView::uuid, "The persona.");
  field("name", &PersonaView::name, "Its name.");
  field("instructions", &PersonaView::instructions, "What it is told before all else.");
  field("model", &PersonaView::model, "The language model; empty for the built-in interpreter.");
  field("avatar", &PersonaView::avatar, "A picture's address, or an emoji.");
  field("state", &PersonaView::state, "active or stopped.");
  field("grants", &PersonaView::grants, "What it may use.");
  field("created_at", &PersonaView::created_at, "When it was made.");
  field("updated_at", &PersonaView::updated_at, "When it was last changed.");
}

void CreatePersona::Input::describe(Fields<Input>& field) {
  field("name", &Input::name, "Its name, unique in the account.", {.min = 1, .max = 100});
  field("instructions", &Input::instructions, "What it is told before all else.", {.max = 20'000});
  field("model", &Input::model, "The language model; left out, the built-in interpreter.",
        {.max = 200});
  field("avatar", &Input::avatar, "A picture's address, or an emoji.", {.max = 500});
}

Result<PersonaView> CreatePersona::run(Call& call, const Input& input) {
  TRY(must_be_free(call.transaction, input.name));
  Uuid uuid = call.transaction.next_uuid();
  TRY(call.transaction.run(
      insert_persona,
      {call.transaction.next_id(), uuid, input.name, input.instructions.value_or(""),
       input.model.value_or(""), input.avatar.value_or(""), call.now()}));
  call.changes("persona " + input.name, nullptr, "made");
  return shown(call.transaction, uuid);
}

Result<ListPersonas::Output> ListPersonas::run(Call& call, const Input&) {
  Grants given = TRY(grants(call.transaction));
  Output output;
  for (const PersonaRow& row : TRY(personas(call.transaction))) {
    output.personas.push_back(shown(row, given));
  }
  return output;
}

void UpdatePersona::Input::describe(Fields<Input>& field) {
  field("persona_uuid", &Input::persona_uuid, "The persona.");
  field("name", &Input::name, "Its new name.", {.min = 1, .max = 100});
  field("instructions", &Input::instructions, "What it is told before all else.", {.max = 20'000});
  field("model", &Input::model, "The language model; empty for the built-in interpreter.",
        {.max = 200});
  field("avatar", &Input::avatar, "A picture's address, or an emoji.", {.max = 500});
}

Result<PersonaView> UpdatePersona::run(Call& call, const Input& input) {
  PersonaRow row = TRY(persona_row(call.transaction, input.persona_uuid));
  if (input.name && *input.name != row.name) {
    TRY(must_be_free(call.transaction, *input.name));
    call.changes("name of persona " + row.name, row.name, *input.name);
  }
  TRY(call.transaction.run(
      update_persona,
      {row.id, input.name.value_or(row.name), input.instructions.value_or(row.instructions),
       input.model.value_or(row.model), input.avatar.value_or(row.avatar), call.now()}));
  return shown(call.transaction, input.persona_uuid);
}

void GrantTools::Input::describe(Fields<Input>& field) {
  field("persona_uuid", &Input::persona_uuid, "The persona.");
  field("grants", &Input::grants, "What it may use, each tool once.", {.min = 1, .max = 200});
}

Result<PersonaView> GrantTools::run(const Connections& connections, Call& call,
                                    const Input& input) {
  PersonaRow row = TRY(persona_row(call.transaction, input.persona_uuid));
  std::vector<FieldError> problems;
  std::vector<Tool> tools;
  for (std::size_t i = 0; i < input.grants.size(); i++) {
    auto tool = grantable(connections, call.transaction, call.caller, input.grants[i].tool);
    if (tool) {
      tools.push_back(*std::move(tool));
    } else if (tool.error().code == ErrorCode::unavailable) {
      return std::unexpected(std::move(tool.error()));
    } else {
      problems.push_back({fmt::format("/grants/{}/tool", i), std::move(tool.error().message)});
    }
  }
  if (!problems.empty()) return fail_fields(std::move(problems));
  for (std::size_t i = 0; i < input.grants.size(); i++) {
    const ToolGrant& grant = input.grants[i];
    std::string_view name = tools[i].operation->info.name;
    const Limits limits = grant.limits.value_or(Limits{});
    TRY(call.transaction.run(delete_grant, {row.id, name, tools[i].connection_id}));
    TRY(call.transaction.run(
        insert_grant, {call.transaction.next_id(), row.id, tools[i].connection_id, name,
                       grant.ask.value_or(Ask::destructive), limits.calls_per_minute,
                       limits.plan_credits_per_day, limits.points_per_day, limits.vouchers_per_call,
                       limits.contacts_per_call, call.caller.person_id, call.now()}));
    call.changes(fmt::format("grant of {} to {}", grant.tool, row.name), nullptr, "given");
  }
  return shown(call.transaction, input.persona_uuid);
}

void RevokeTools::Input::describe(Fields<Input>& field) {
  field("persona_uuid", &Input::persona_uuid, "The persona.");
  field("tools", &Input::tools, "Which tools; all when left out.", {.max = 200});
}

Result<PersonaView> RevokeTools::run(Call& call, const Input& input) {
  PersonaRow row = TRY(persona_row(call.transaction, input.persona_uuid));
  for (const auto& [persona_id, grant] : TRY(grants(call.transaction, row.id))) {
    auto named = [&](const std::string& tool) { return operation_name(tool) == grant.tool; };
    if (input.tools && std::ranges::none_of(*input.tools, named)) continue;
    TRY(call.transaction.run(delete_grant, {row.id, grant.operation, grant.connection_id}));
    call.changes(fmt::format("grant of {} to {}", grant.name(), row.name), "given", nullptr);
  }
  return shown(call.transaction, input.persona_uuid);
}

void SetPersonaState::Input::describe(Fields<Input>& field) {
  field("state", &Input::state, "stopped or active.");
  field("persona_uuid", &Input::persona_uuid, "Which persona; all of them when left out.");
}

Result<SetPersonaState::Output> SetPersonaState::run(Call& call, const Input& input) {
  std::int64_t id = 0;
  if (input.persona_uuid) id = TRY(persona_id_of(call.transaction, *input.persona_uuid));
  std::int64_t changed = TRY(call.transaction.run(update_state, {input.state, call.now(), id}));
  call.changes("personas", nullptr, word_of(input.state));
  return Output{.changed = changed};
}

void CreatePersonaToken::Input::describe(Fields<Input>& field) {
  field("persona_uuid", &Input::persona_uuid, "The persona.");
  field("name", &Input::name, "What it is for.", {.max = 200});
  field(
      "expires_in_days", &Input::expires_in_days,
      "90 unless said otherwise; with rotate_every_days, a week after it should have been changed "
      "at the latest.",
      {.min = 1, .max = 3'650});
  field("rotate_every_days", &Input::rotate_every_days,
        "After how many days it must be changed (rotate_token). A week later it ends.",
        {.min = 1, .max = 3'650});
}

void CreatePersonaToken::Output::describe(Fields<Output>& field) {
  field("uuid", &Output::uuid, "The token's number, to revoke it by.");
  field("token", &Output::token, "The token, shown this once.", {.format = Format::secret});
  field("url", &Output::url, "Where an MCP client connects.");
  field("rotate_at", &Output::rotate_at, "When it is to be changed.");
  field("expires_at", &Output::expires_at, "When it ends.");
}

Result<CreatePersonaToken::Output> CreatePersonaToken::run(Call& call, const Input& input) {
  PersonaRow row = TRY(persona_row(call.transaction, input.persona_uuid));
  // One that must be changed has its end in that.
  std::optional<Time> expires_at;
  if (input.expires_in_days || !input.rotate_every_days) {
    expires_at = call.now() + input.expires_in_days.value_or(90) * microseconds_per_day;
  }
  NewToken token{.account_id = call.caller.account_id,
                 .kind = TokenKind::mcp,
                 .name = input.name.value_or(row.name),
                 .expires_at = expires_at,
                 .person_id = call.caller.person_id,
                 .persona_id = row.id,
                 .rotate_every_days = input.rotate_every_days.value_or(0)};
  MadeToken made = TRY(make_token(call.transaction, token));
  call.changes("tokens of persona " + row.name, nullptr, "one more");
  return Output{.uuid = made.uuid,
                .token = std::move(made.token),
                .url = call.settings.public_url + "/mcp",
                .rotate_at = made.rotate_at,
                .expires_at = *made.expires_at};
}

Result<PlanStatus> GetPlan::run(Call& call, const Input&) {
  return plan_status(call.transaction, call.caller);
}

Result<PlanStatus> ChoosePlan::run(Call& call, const Input& input) {
  PlanStatus before = TRY(plan_status(call.transaction, call.caller));
  TRY(choose_plan(call.transaction, input.plan));
  call.changes("plan", before.plan, input.plan);
  return plan_status(call.transaction, call.caller);
}

Result<PlanStatus> AddPlanPack::run(Call& call, const Input& input) {
  PlanStatus before = TRY(plan_status(call.transaction, call.caller));
  TRY(add_pack(call.transaction, input.credits));
  call.changes("pack credits", before.pack_credits, before.pack_credits + input.credits);
  return plan_status(call.transaction, call.caller);
}

void GetPlanUsage::Input::describe(Fields<Input>& field) {
  field("from", &Input::from, "The first day, like 2026-11-01.");
  field("until", &Input::until, "The last day.");
  field("persona_uuid", &Input::persona_uuid, "Of this persona alone.");
}

void GetPlanUsage::Item::describe(Fields<Item>& field) {
  field("day", &Item::day, "The day, in the account's zone.");
  field("persona_uuid", &Item::persona_uuid, "The persona.");
  field("persona", &Item::persona, "Its name.");
  field("tool", &Item::tool, "The tool.");
  field("calls", &Item::calls, "How many calls it made.");
  field("plan_credits", &Item::plan_credits, "What they cost.");
  field("points", &Item::points, "Loyalty credits they gave out.");
}

Result<GetPlanUsage::Output> GetPlanUsage::run(const Connections& connections, Call& call,
                                               const Input& input) {
  std::int64_t from = TRY(day_in(input.from, "/from", 0));
  std::int64_t until = TRY(day_in(input.until, "/until", 99'991'231));
  std::int64_t persona = 0;
  if (input.persona_uuid) persona = TRY(persona_id_of(call.transaction, *input.persona_uuid));
  Output output;
  for (const UsageRow& row :
       TRY(call.transaction.all<UsageRow>(select_usage, {from, until, persona}))) {
    output.usage.push_back(
        {.day =
             fmt::format("{:04}-{:02}-{:02}", row.day / 10'000, row.day / 100 % 100, row.day % 100),
         .persona_uuid = row.persona_uuid,
         .persona = row.persona,
         .tool = connections.catalogue().find(row.tool) ? tool_name(row.tool) : row.tool,
         .calls = row.calls,
         .plan_credits = row.plan_credits,
         .points = row.points});
  }
  return output;
}

void add_persona_operations(Catalogue& catalogue, Connections& connections, InnerCalls*& calls) {
  catalogue.add<CreatePersona>();
  catalogue.add<ListPersonas>();
  catalogue.add<UpdatePersona>();
  add_tool_operations(catalogue, connections);
  catalogue.add<GrantTools>(std::as_const(connections));
  catalogue.add<RevokeTools>();
  catalogue.add<SetPersonaState>();
  catalogue.add<CreatePersonaToken>();
  add_app_operations(catalogue);
  catalogue.add<ListApprovals>();
  catalogue.add<GetApproval>();
  catalogue.add<DecideApproval>(calls);
  catalogue.add<UndoCall>(calls);
  catalogue.add<GetPlan>();
  catalogue.add<ChoosePlan>();
  catalogue.add<AddPlanPack>();
  catalogue.add<GetPlanUsage>(std::as_const(connections));
}

}  // namespace piggy
