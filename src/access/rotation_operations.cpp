#include "access/rotation_operations.h"

#include <fmt/format.h>

#include <algorithm>

#include "access/operations.h"

namespace piggy {
namespace {

constexpr std::string_view select_token = R"sql(
  SELECT t.account_id, t.id, t.uuid, t.kind, t.name, t.scopes, t.shop_id, t.person_id, t.persona_id,
         t.rotate_at, t.rotate_every_days, t.expires_at, t.revoked_at, t.created_at,
         s.id AS successor_id, coalesce(s.used_at, s.revoked_at) AS successor_used_at
  FROM token t LEFT JOIN token s ON s.account_id = t.account_id AND s.predecessor_id = t.id
  WHERE t.account_id = $1 AND t.id = $2
)sql";

constexpr std::string_view select_place = R"sql(
  SELECT account_id, id FROM token WHERE uuid = $1
)sql";

constexpr std::string_view update_expiry = R"sql(
  UPDATE token SET expires_at = $3, rotate_at = NULL, used_at = coalesce(used_at, $4)
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view update_successor = R"sql(
  UPDATE token SET predecessor_id = $3 WHERE account_id = $1 AND uuid = $2
)sql";

// It was never known to anybody: nothing comes of it any more.
constexpr std::string_view update_lost = R"sql(
  UPDATE token SET revoked_at = $3, predecessor_id = NULL WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view update_revoked = R"sql(
  UPDATE token SET revoked_at = coalesce(revoked_at, $3) WHERE account_id = $1 AND id = $2
  RETURNING revoked_at
)sql";

struct TokenRow {
  std::int64_t account_id = 0;
  std::int64_t id = 0;
  Uuid uuid = {};
  TokenKind kind = {};
  std::string name = {};
  std::string scopes = {};
  std::optional<std::int64_t> shop_id = {};
  std::optional<std::int64_t> person_id = {};
  std::optional<std::int64_t> persona_id = {};
  std::optional<Time> rotate_at = {};
  std::optional<std::int64_t> rotate_every_days = {};
  std::optional<Time> expires_at = {};
  std::optional<Time> revoked_at = {};
  Time created_at = {};
  std::optional<std::int64_t> successor_id = {};
  std::optional<Time> successor_used_at = {};
};

struct Place {
  std::int64_t account_id = 0;
  std::int64_t id = 0;
};

Result<TokenRow> token_row(Transaction& tenant, std::int64_t id) {
  auto row = TRY(tenant.first<TokenRow>(select_token, {id}));
  if (!row) return fail(ErrorCode::not_found, "There is no such token.");
  return *std::move(row);
}

Result<TokenRow> own_token(Call& call) {
  if (call.caller.token_id == 0 || call.caller.person_id || call.caller.persona_id) {
    return fail({.code = ErrorCode::forbidden,
                 .message = "This is for a program that calls with a token of its own.",
                 .number = 403});
  }
  return token_row(call.transaction, call.caller.token_id);
}

Result<SuccessorToken> rotate(Call& call, Transaction& tenant, const TokenRow& old,
                              std::int64_t overlap_hours) {
  Time now = call.now();
  if (old.revoked_at || (old.expires_at && *old.expires_at <= now)) {
    return fail(ErrorCode::conflict, "This token has ended: make a new one.");
  }
  if (old.successor_used_at) {
    return fail(ErrorCode::conflict,
                "Another token has taken this one's place and was in use: rotate that one.");
  }
  NewToken next{.account_id = old.account_id,
                .kind = old.kind,
                .name = old.name,
                .scopes = {old.scopes},
                .shop_id = old.shop_id.value_or(0),
                .expires_at = old.expires_at,
                .person_id = old.person_id.value_or(0),
                .persona_id = old.persona_id.value_or(0),
                .rotate_every_days = old.rotate_every_days.value_or(0)};
  Time old_ends = now + overlap_hours * 60 * 60 * microseconds_per_second;
  if (old.successor_id) {
    // The answer that told of it was lost. It lives as long as was meant for it.
    TokenRow lost = TRY(token_row(tenant, *old.successor_id));
    TRY(tenant.run(update_lost, {lost.id, now}));
    next.expires_at = lost.expires_at;
  } else if (old.expires_at) {
    next.expires_at = now + (*old.expires_at - old.created_at);  // As long as the one before.
  }
  if (old.expires_at) old_ends = std::min(old_ends, *old.expires_at);
  MadeToken made = TRY(make_token(tenant, next));
  TRY(tenant.run(update_successor, {made.uuid, old.id}));
  TRY(tenant.run(update_expiry, {old.id, old_ends, now}));
  call.changes("token " + to_string(old.uuid), nullptr, "succeeded by " + to_string(made.uuid));
  return SuccessorToken{.uuid = made.uuid,
                        .token = std::move(made.token),
                        .rotate_at = made.rotate_at,
                        .expires_at = made.expires_at,
                        .old_expires_at = old_ends};
}

}  // namespace

TokenState state_of_token(const TokenTimes& times, Time now) {
  if (times.revoked_at) return TokenState::revoked;
  if (times.expires_at && *times.expires_at <= now) return TokenState::expired;
  if (times.succeeded) return TokenState::succeeded;
  return times.rotate_at && *times.rotate_at <= now ? TokenState::due : TokenState::current;
}

void TokenStatus::describe(Fields<TokenStatus>& field) {
  field("uuid", &TokenStatus::uuid, "The token.");
  field("kind", &TokenStatus::kind, "Where it works.");
  field("name", &TokenStatus::name, "What it is for.");
  field("state", &TokenStatus::state,
        "current; due: it should be changed now; succeeded: another one has taken its place; "
        "expired; revoked.");
  field("rotate_at", &TokenStatus::rotate_at, "When it is to be changed.");
  field("expires_at", &TokenStatus::expires_at, "When it ends.");
}

void SuccessorToken::describe(Fields<SuccessorToken>& field) {
  field("uuid", &SuccessorToken::uuid, "The new token's number.");
  field("token", &SuccessorToken::token, "The new token. It is not shown again.",
        {.format = Format::secret});
  field("rotate_at", &SuccessorToken::rotate_at, "When it is to be changed in its turn.");
  field("expires_at", &SuccessorToken::expires_at, "When it ends.");
  field("old_expires_at", &SuccessorToken::old_expires_at, "When the old one ends.");
}

Result<TokenStatus> GetOwnToken::run(Call& call, const Input&) {
  TokenRow row = TRY(own_token(call));
  return TokenStatus{.uuid = row.uuid,
                     .kind = row.kind,
                     .name = row.name,
                     .state = state_of_token({.rotate_at = row.rotate_at,
                                              .expires_at = row.expires_at,
                                              .revoked_at = row.revoked_at,
                                              .succeeded = row.successor_id.has_value()},
                                             call.now()),
                     .rotate_at = row.rotate_at,
                     .expires_at = row.expires_at};
}

void RotateOwnToken::Input::describe(Fields<Input>& field) {
  field("overlap_hours", &Input::overlap_hours,
        "How long the old one goes on working: 24 hours unless said otherwise.",
        {.min = 1, .max = overlap_hours_max});
}

Result<SuccessorToken> RotateOwnToken::run(Call& call, const Input& input) {
  return rotate(call, call.transaction, TRY(own_token(call)),
                input.overlap_hours.value_or(overlap_hours_default));
}

void RotateToken::Input::describe(Fields<Input>& field) {
  field("token_uuid", &Input::token_uuid, "The token, as list_tokens shows it.");
  field("overlap_hours", &Input::overlap_hours,
        "How long the old one goes on working: 24 hours unless said otherwise; 0: not at all.",
        {.min = 0, .max = overlap_hours_max});
}

Result<SuccessorToken> RotateToken::run(Call& call, const Input& input) {
  TRY(person_or_owner(call));
  auto place = TRY(call.transaction.of(0).first<Place>(select_place, {input.token_uuid}));
  std::int64_t account = call.transaction.account();
  if (!place || (account != 0 && place->account_id != account)) {
    return fail(ErrorCode::not_found, "There is no such token.");
  }
  Transaction tenant = call.transaction.of(place->account_id);
  return rotate(call, tenant, TRY(token_row(tenant, place->id)),
                input.overlap_hours.value_or(overlap_hours_default));
}

Result<RevokeOwnToken::Output> RevokeOwnToken::run(Call& call, const Input&) {
  TokenRow row = TRY(own_token(call));
  auto revoked = TRY(call.transaction.one<Time>(update_revoked, {row.id, call.now()}));
  call.changes("the token", "valid", "revoked");
  return Output{.revoked_at = revoked};
}

}  // namespace piggy
