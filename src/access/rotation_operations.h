#pragma once

// Changing a token for another one with the same rights. The old one goes on working for a while,
// the overlap, so that whoever holds it loses no call.

#include "access/access.h"
#include "operation/operation.h"

namespace piggy {

// current; due: it should be changed now; succeeded: another one has taken its place and it ends
// with the overlap; expired; revoked.
BOOST_DEFINE_ENUM_CLASS(TokenState, current, due, succeeded, expired, revoked)

// A token as its holder may see it.
struct TokenStatus {
  Uuid uuid = {};
  TokenKind kind = TokenKind::client;
  std::string name = {};
  TokenState state = TokenState::current;
  std::optional<Time> rotate_at = {};
  std::optional<Time> expires_at = {};
  static void describe(Fields<TokenStatus>& field);
};

// What whoever changes it is told, once.
struct SuccessorToken {
  Uuid uuid = {};
  std::string token = {};
  std::optional<Time> rotate_at = {};
  std::optional<Time> expires_at = {};
  std::optional<Time> old_expires_at = {};
  static void describe(Fields<SuccessorToken>& field);
};

inline constexpr std::int64_t overlap_hours_default = 24;
inline constexpr std::int64_t overlap_hours_max = 30 * 24;
struct GetOwnToken {
  static constexpr OperationInfo info = {
      .name = "get_own_token",
      .title = "Get Own Token",
      .about =
          "Shows the token that the call is made with: when it is to be changed, and when it "
          "ends.",
      .verb = Verb::get,
      .path = "/tokens/self",
      .scope = own_token_scope,
      .surface = Surface::platform};
  using Input = Empty;
  using Output = TokenStatus;
  static Result<Output> run(Call& call, const Input&);
};

struct RotateOwnToken {
  static constexpr OperationInfo info = {
      .name = "rotate_own_token",
      .title = "Rotate Own Token",
      .about =
          "Makes another token with the same rights in the place of the one that the call is "
          "made with, and shows it this once. The old one goes on working for the overlap. As "
          "long as the new one has not been used, this may be asked again, and makes another "
          "one in its place: a lost answer locks nobody out.",
      .verb = Verb::post,
      .path = "/tokens/self/rotate",
      .scope = own_token_scope,
      .effect = Effect::write,
      .surface = Surface::platform,
      .wire = {.status = 201}};
  struct Input {
    std::optional<std::int64_t> overlap_hours = {};
    static void describe(Fields<Input>& field);
  };
  using Output = SuccessorToken;
  static Result<Output> run(Call& call, const Input& input);
};

struct RotateToken {
  static constexpr OperationInfo info = {
      .name = "rotate_token",
      .title = "Rotate Token",
      .about =
          "Makes another token with the same rights in the place of one, and shows it this "
          "once. The old one goes on working for the overlap. With an overlap of 0 it ends at "
          "once. For people who are signed in, and the owner of the data.",
      .verb = Verb::post,
      .path = "/tokens/rotate",
      .scope = "access:write",
      .effect = Effect::write,
      .surface = Surface::platform,
      .wire = {.status = 201}};
  struct Input {
    Uuid token_uuid = {};
    std::optional<std::int64_t> overlap_hours = {};
    static void describe(Fields<Input>& field);
  };
  using Output = SuccessorToken;
  static Result<Output> run(Call& call, const Input& input);
};

// Ends the token that the call is made with.
struct RevokeOwnToken {
  static constexpr OperationInfo info = {
      .name = "revoke_own_token",
      .title = "Revoke Own Token",
      .about = "Ends the token that the call is made with, for good.",
      .verb = Verb::del,
      .path = "/tokens/self",
      .scope = own_token_scope,
      .effect = Effect::destructive,
      .idempotent = true,
      .surface = Surface::platform};
  using Input = Empty;
  struct Output {
    Time revoked_at = {};
    static void describe(Fields<Output>& field) {
      field("revoked_at", &Output::revoked_at, "Since when it is refused.");
    }
  };
  static Result<Output> run(Call& call, const Input&);
};

struct TokenTimes {
  std::optional<Time> rotate_at = {};
  std::optional<Time> expires_at = {};
  std::optional<Time> revoked_at = {};
  bool succeeded = false;
};
// As it is now.
TokenState state_of_token(const TokenTimes& times, Time now);

}  // namespace piggy
