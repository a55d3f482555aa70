#include "access/token_due.h"

#include "access/rotation_operations.h"
#include "event/event.h"

namespace piggy {
namespace {

constexpr std::string_view token_due_kind = "tell_token_rotation_due";
constexpr std::string_view token_due_event = "token_rotation_due";

constexpr std::string_view select_due = R"sql(
  SELECT uuid, kind, name, rotate_at, expires_at FROM token
  WHERE account_id = $1 AND uuid = $2 AND rotate_at <= $3 AND expires_at > $3
    AND revoked_at IS NULL
)sql";

struct DueRow {
  Uuid uuid = {};
  TokenKind kind = {};
  std::string name = {};
  Time rotate_at = {};
  Time expires_at = {};
};

struct Told {
  TokenStatus token = {};
  static void describe(Fields<Told>& field) {
    field("token", &Told::token, "The token, without the token itself.");
  }
};

Result<> tell(Call& call, const JobRow& job) {
  auto uuid = parse_uuid(job.payload.text_of("token"));
  ASSERT(uuid);
  // One that was changed has no day any more, and its successor a job of its own.
  auto row = TRY(call.transaction.first<DueRow>(select_due, {*uuid, call.now()}));
  if (!row) return {};
  return emit(call.transaction, token_due_event, row->uuid,
              Told{.token = {.uuid = row->uuid,
                             .kind = row->kind,
                             .name = std::move(row->name),
                             .state = TokenState::due,
                             .rotate_at = row->rotate_at,
                             .expires_at = row->expires_at}});
}

}  // namespace

Result<> plan_token_due(Transaction& transaction, const MadeToken& token) {
  if (!token.rotate_at) return {};
  TRY(add_job(transaction, token_due_kind, Value::object({{"token", to_string(token.uuid)}}),
              token.rotate_at));
  return {};
}

void add_token_jobs(Scheduler& scheduler) { scheduler.handle(token_due_kind, tell); }

}  // namespace piggy
