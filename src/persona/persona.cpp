#include "persona/persona.h"

#include <algorithm>
#include <mutex>

#include "connection/connection.h"
#include "operation/tool_name.h"

namespace piggy {
namespace {

constexpr std::string_view select_personas = R"sql(
  SELECT id, uuid, name, instructions, model, avatar, state, created_at, updated_at
  FROM persona WHERE account_id = $1 AND ($2 = 0 OR id = $2) ORDER BY id
)sql";

constexpr std::string_view select_id = R"sql(
  SELECT id FROM persona WHERE account_id = $1 AND uuid = $2
)sql";

constexpr std::string_view select_grants = R"sql(
  SELECT g.persona_id, g.tool, g.ask, g.calls_per_minute, g.plan_credits_per_day, g.points_per_day,
         g.vouchers_per_call, g.contacts_per_call, g.connection_id,
         COALESCE(c.connector, '') AS connector, COALESCE(c.handle, '') AS handle,
         COALESCE(c.name, '') AS connection
  FROM persona_grant g
    LEFT JOIN connection c ON c.account_id = g.account_id AND c.id = g.connection_id
  WHERE g.account_id = $1 AND ($2 = 0 OR g.persona_id = $2)
    AND (g.connection_id = 0 OR c.state <> 'revoked')
  ORDER BY g.persona_id, g.tool, g.connection_id
)sql";

struct GrantRow {
  std::int64_t persona_id = 0;
  std::string tool = {};
  Ask ask = Ask::destructive;
  std::optional<std::int64_t> calls_per_minute = {};
  std::optional<std::int64_t> plan_credits_per_day = {};
  std::optional<std::int64_t> points_per_day = {};
  std::optional<std::int64_t> vouchers_per_call = {};
  std::optional<std::int64_t> contacts_per_call = {};
  std::int64_t connection_id = 0;
  std::string connector = {};
  std::string handle = {};
  std::string connection = {};
};

}  // namespace

void Limits::describe(Fields<Limits>& field) {
  field("calls_per_minute", &Limits::calls_per_minute, "Calls of the tool in a minute.",
        {.min = 1});
  field("plan_credits_per_day", &Limits::plan_credits_per_day,
        "Plan credits that its calls may cost in a day of the account's zone.", {.min = 0});
  field("points_per_day", &Limits::points_per_day,
        "Loyalty credits it may give out in a day of the account's zone.", {.min = 0});
  field("vouchers_per_call", &Limits::vouchers_per_call, "Vouchers it may make in one call.",
        {.min = 0});
  field("contacts_per_call", &Limits::contacts_per_call, "Contacts it may write to in one call.",
        {.min = 0});
}

std::string Grant::name() const { return connection_id ? tool : tool_name(tool); }

const Grant* Persona::grant(std::string_view tool) const {
  auto found = std::ranges::lower_bound(grants, tool, {}, &Grant::tool);
  return found != grants.end() && found->tool == tool ? &*found : nullptr;
}

bool Persona::may_call(const Catalogue& catalogue, std::string_view tool) const {
  if (grant(tool)) return true;
  return std::ranges::any_of(grants, [&](const Grant& grant) {
    const Operation* granted = catalogue.find(grant.tool);
    return granted && granted->info.followed_by == tool;
  });
}

Result<std::shared_ptr<const Persona>> Personas::find(Transaction& transaction, std::int64_t id) {
  Key key{transaction.account(), id};
  std::uint64_t forgotten_before = 0;
  {
    std::shared_lock lock(mutex_);
    auto found = known_.find(key);
    if (found != known_.end()) return found->second;
    forgotten_before = forgotten_;
  }
  auto rows = TRY(piggy::personas(transaction, id));
  if (rows.empty()) return fail(ErrorCode::not_found, "There is no such persona.");
  const PersonaRow& row = rows[0];
  auto persona = std::make_shared<Persona>(Persona{.id = row.id,
                                                   .uuid = row.uuid,
                                                   .name = row.name,
                                                   .instructions = row.instructions,
                                                   .model = row.model,
                                                   .state = row.state});
  for (auto& [persona_id, grant] : TRY(piggy::grants(transaction, id))) {
    persona->grants.push_back(std::move(grant));
  }
  std::ranges::sort(persona->grants, {}, &Grant::tool);  // By bytes, whatever the store's order.
  std::unique_lock lock(mutex_);
  if (forgotten_ == forgotten_before) known_.insert_or_assign(key, persona);
  return persona;
}

void Personas::forget() {
  std::unique_lock lock(mutex_);
  known_.clear();
  forgotten_++;
}

Result<std::vector<PersonaRow>> personas(Transaction& transaction, std::int64_t id) {
  return transaction.all<PersonaRow>(select_personas, {id});
}

Result<std::vector<std::pair<std::int64_t, Grant>>> grants(Transaction& transaction,
                                                           std::int64_t persona_id) {
  std::vector<std::pair<std::int64_t, Grant>> grants;
  for (GrantRow& row : TRY(transaction.all<GrantRow>(select_grants, {persona_id}))) {
    grants.emplace_back(
        row.persona_id,
        Grant{.tool = tool_key(row.handle, row.tool),
              .ask = row.ask,
              .limits = {row.calls_per_minute, row.plan_credits_per_day, row.points_per_day,
                         row.vouchers_per_call, row.contacts_per_call},
              .connection_id = row.connection_id,
              .connector = std::move(row.connector),
              .operation = std::move(row.tool),
              .connection = std::move(row.connection)});
  }
  return grants;
}

Result<std::int64_t> persona_id_of(Transaction& transaction, const Uuid& uuid) {
  auto id = TRY(transaction.first<std::int64_t>(select_id, {uuid}));
  if (!id) return fail(ErrorCode::not_found, "There is no such persona.");
  return *id;
}

}  // namespace piggy
