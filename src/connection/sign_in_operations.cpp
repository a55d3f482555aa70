#include "connection/sign_in_operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "access/access.h"
#include "base/random.h"
#include "connection/establish.h"

namespace piggy {
namespace {

constexpr std::size_t secret_letters = 64;
constexpr std::string_view secret_alphabet =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view secret_name = "pending sign-in";

constexpr std::string_view insert_pending = R"sql(
  INSERT INTO pending_sign_in (account_id, id, state, person_id, connector, base_url, name, handle,
                               connection_uuid, sign_in, secret_uuid, created_at, permissions)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
)sql";

constexpr std::string_view select_by_state = R"sql(
  SELECT id, person_id, connector, base_url, name, handle, connection_uuid, made_uuid, sign_in,
         secret_uuid, created_at, permissions
  FROM pending_sign_in WHERE account_id = $1 AND state = $2
)sql";

constexpr std::string_view update_claimed =
    "UPDATE pending_sign_in SET secret_uuid = NULL WHERE account_id = $1 AND id = $2";
constexpr std::string_view update_made =
    "UPDATE pending_sign_in SET made_uuid = $3 WHERE account_id = $1 AND id = $2";

constexpr std::string_view select_old_secrets = R"sql(
  SELECT secret_uuid FROM pending_sign_in
  WHERE account_id = $1 AND created_at < $2 AND secret_uuid IS NOT NULL
)sql";
constexpr std::string_view delete_old =
    "DELETE FROM pending_sign_in WHERE account_id = $1 AND created_at < $2";

// What we alone know until the person is back.
struct PendingSecret {
  std::string verifier = {};
  std::string client_secret = {};
  static void describe(Fields<PendingSecret>& field) {
    field("verifier", &PendingSecret::verifier, "Whose hash the other side was given (PKCE).");
    field("client_secret", &PendingSecret::client_secret, "The client's own secret.");
  }
};

std::unexpected<Error> too_late() {
  return fail(ErrorCode::conflict,
              "This sign-in was not begun here, is over, or took too long. Nothing was connected: "
              "start again.");
}

Result<PendingSignIn> pending_of(Transaction& transaction, const Caller& caller,
                                 std::string_view state) {
  auto row =
      TRY(transaction.first<PendingSignIn>(select_by_state, {hash_of_token(std::string(state))}));
  if (!row) return too_late();
  // Otherwise somebody could have others connect what is theirs, or the other way round.
  if (row->person_id && row->person_id != caller.person_id) {
    return fail({.code = ErrorCode::forbidden,
                 .message = "Somebody else has begun this sign-in. Nothing was connected.",
                 .number = 403});
  }
  return *std::move(row);
}

bool is_open(const PendingSignIn& pending, Time now) {
  return pending.secret_uuid &&
         now < pending.created_at + sign_in_minutes * 60 * microseconds_per_second;
}

// Takes the secret out for good: whoever comes second has nothing to go on with.
Result<PendingSecret> claim(const Connections& connections, Transaction& transaction,
                            const PendingSignIn& pending) {
  auto secret = TRY(connections.secret<PendingSecret>(transaction, *pending.secret_uuid));
  TRY(connections.vault().erase(transaction, *pending.secret_uuid));
  TRY(transaction.run(update_claimed, {pending.id}));
  return secret;
}

Result<> forget_old(const Connections& connections, Transaction& transaction) {
  Time before = transaction.now() + -microseconds_per_day;
  for (const Uuid& uuid : TRY(transaction.all<Uuid>(select_old_secrets, {before}))) {
    TRY(connections.vault().erase(transaction, uuid));
  }
  TRY(transaction.run(delete_old, {before}));
  return {};
}

// Why there is no code, in the protocol's words (RFC 6749, section 4.1.2.1).
std::unexpected<Error> refused(const OAuthSignIn& sign_in, std::string_view error) {
  if (error == "access_denied") {
    return fail(ErrorCode::conflict, "The other side was told no. Nothing was connected.");
  }
  return fail(
      ErrorCode::conflict,
      fmt::format("{} did not let this through. Nothing was connected.",
                  sign_in.server.issuer.empty() ? "The other side" : sign_in.server.issuer));
}

// What to ask for where the connection is, or shall be.
Result<OAuthTerms> terms_of(Connections& connections, const Preparation& preparation,
                            const StartConnection::Input& input,
                            StartConnection::Prepared& prepared) {
  Connector* connector = TRY(connector_named(connections, input.connector));
  prepared.base_url = input.base_url.value_or(std::string(connector->info().base_url));
  prepared.permissions = input.permissions;
  if (input.connection_uuid) {
    Found found = TRY(find(connections, preparation, *input.connection_uuid, true));
    if (found.row.connector != input.connector) {
      return fail_field("/connector",
                        fmt::format("The connection is one to {}.", found.connector->info().title));
    }
    prepared.base_url = found.row.base_url;
    if (!input.permissions) prepared.permissions = permissions_of(found.row.permissions);
  }
  auto problems = wrong_with_permissions(*connector, prepared.permissions);
  if (!problems.empty()) return fail_fields(std::move(problems));
  return connector->oauth(prepared.base_url, prepared.permissions);
}

}  // namespace

void StartConnection::Input::describe(Fields<Input>& field) {
  describe_wanted(field);
  field("connection_uuid", &Input::connection_uuid,
        "A connection that shall be made again, with what it is called and where it is.");
  field("client_id", &Input::client_id,
        "Of an app that you have registered there; left out, this program registers itself.",
        {.min = 1, .max = 500});
  field("client_secret", &Input::client_secret, "The secret of that app.",
        {.min = 1, .max = 1'000, .format = Format::secret});
}

void StartConnection::check(const Input& input, std::vector<FieldError>& problems) {
  if (input.client_secret && !input.client_id) {
    problems.push_back({"/client_id", "A client_secret goes with a client_id."});
  }
  auto belongs = [&](const auto& field, std::string_view path) {
    if (!field || !input.connection_uuid) return;
    problems.push_back({std::string(path), "A connection that is made again keeps this."});
  };
  belongs(input.name, "/name");
  belongs(input.handle, "/handle");
  belongs(input.base_url, "/base_url");
}

Result<StartConnection::Prepared> StartConnection::prepare(Connections& connections,
                                                           const Preparation& preparation,
                                                           const Input& input) {
  std::vector<FieldError> problems;
  if (input.handle) {
    std::string wrong = wrong_with_handle(connections, *input.handle);
    if (!wrong.empty()) problems.push_back({"/handle", std::move(wrong)});
  }
  Prepared prepared;
  Result<OAuthTerms> terms = terms_of(connections, preparation, input, prepared);
  if (terms) {
    prepared.terms = *std::move(terms);
  } else if (terms.error().fields.empty()) {
    return std::unexpected(std::move(terms.error()));
  } else {
    std::ranges::copy(terms.error().fields, std::back_inserter(problems));
  }
  if (!problems.empty()) return fail_fields(std::move(problems));
  OAuthClient& oauth = connections.oauth();
  prepared.server = TRY(oauth.discover(prepared.terms));
  if (input.client_id) {
    prepared.client = {.client_id = *input.client_id, .secret = input.client_secret.value_or("")};
  } else if (!preparation.dry_run) {
    prepared.client = TRY(
        oauth.register_at(prepared.server, fmt::format("Piggy of {}", preparation.caller.company)));
  }
  return prepared;
}

Result<StartConnection::Output> StartConnection::run(Connections& connections, Call& call,
                                                     const Input& input, const Prepared& prepared) {
  Transaction& transaction = call.transaction;
  if (input.handle && TRY(connection_by_handle(transaction, *input.handle))) {
    return fail_field("/handle", "Another connection has, or had, this handle.");
  }
  TRY(forget_old(connections, transaction));
  SecureRandom random;
  std::string state = random.text(secret_letters, secret_alphabet);
  PendingSecret secret{.verifier = random.text(secret_letters, secret_alphabet),
                       .client_secret = prepared.client.secret};
  OAuthSignIn sign_in{.server = prepared.server,
                      .resource = prepared.terms.resource,
                      .scopes = prepared.terms.scopes,
                      .client_id = prepared.client.client_id};
  Uuid secret_uuid =
      TRY(connections.vault().put(transaction, secret_name, SecretBytes::copy_of(to_json(secret))));
  TRY(transaction.run(
      insert_pending,
      {transaction.next_id(), hash_of_token(state), call.caller.person_id, input.connector,
       prepared.base_url, input.name, input.handle, input.connection_uuid, to_json(sign_in),
       secret_uuid, call.now(), kept_permissions(prepared.permissions)}));
  return Output{.url = connections.oauth().authorization_url(sign_in, state, secret.verifier),
                .expires_at = call.now() + sign_in_minutes * 60 * microseconds_per_second};
}

void FinishConnection::Input::describe(Fields<Input>& field) {
  field("state", &Input::state, "What the sign-in began with.", {.min = 1, .max = 200});
  field("code", &Input::code, "What the other side gave the person.",
        {.max = 4'000, .format = Format::secret});
  field("iss", &Input::iss, "Who the other side says it is.", {.max = 2'000});
  field("error", &Input::error, "Why there is no code.", {.max = 200});
}

Result<FinishConnection::Prepared> FinishConnection::prepare(Connections& connections,
                                                             const Preparation& preparation,
                                                             const Input& input) {
  if (preparation.dry_run) {
    return fail(ErrorCode::conflict, "A code works once: this cannot be rehearsed.");
  }
  Prepared prepared;
  PendingSecret secret;
  std::int64_t account = preparation.caller.account_id;
  Database& database = preparation.database;
  TRY(database.write(account, [&](Transaction& transaction) -> Result<> {
    prepared.pending = TRY(pending_of(transaction, preparation.caller, input.state));
    if (!is_open(prepared.pending, transaction.now())) return {};
    secret = TRY(claim(connections, transaction, prepared.pending));
    return {};
  }));
  const PendingSignIn& pending = prepared.pending;
  if (secret.verifier.empty()) return prepared;  // Over: `run` knows how.
  prepared.sign_in = TRY(read<OAuthSignIn>(pending.sign_in, Reading::strict));
  prepared.client_secret = secret.client_secret;
  const OAuthServer& server = prepared.sign_in.server;
  // RFC 9207, section 2.4: an answer of somebody else would have our code sent to the wrong server.
  bool says_who = input.iss && !input.iss->empty();
  if (says_who ? *input.iss != server.issuer
               : server.authorization_response_iss_parameter_supported.value_or(false)) {
    return fail(ErrorCode::conflict,
                "This answer is not from where you were sent to. Nothing was connected.");
  }
  if (input.error || !input.code) return refused(prepared.sign_in, input.error.value_or(""));
  OAuthClient& oauth = connections.oauth();
  prepared.authorized =
      TRY(oauth.exchange(prepared.sign_in, secret.client_secret, *input.code, secret.verifier));
  Connector* connector = TRY(connector_named(connections, pending.connector));
  Reach reach{.base_url = pending.base_url,
              .key = SecretBytes::copy_of(prepared.authorized.access.view()),
              .signed_in = true};
  prepared.whose = TRY(connector->check(reach));
  if (pending.connection_uuid) {
    Found found = TRY(find(connections, preparation, *pending.connection_uuid, true));
    TRY(must_be_same_account(found.row, prepared.whose));
  }
  return prepared;
}

Result<ConnectionView> FinishConnection::run(Connections& connections, Call& call, const Input&,
                                             const Prepared& prepared) {
  Transaction& transaction = call.transaction;
  const PendingSignIn& pending = prepared.pending;
  if (prepared.authorized.access.empty()) {
    if (!pending.made_uuid) return too_late();
    return shown(connections, TRY(connection_by_uuid(transaction, *pending.made_uuid)), call.now());
  }
  bool again = pending.connection_uuid.has_value();
  ConnectionRow row = again
                          ? TRY(still_there(call, *pending.connection_uuid))
                          : TRY(new_connection(connections, call,
                                               {.connector = pending.connector,
                                                .name = pending.name,
                                                .handle = pending.handle,
                                                .base_url = pending.base_url,
                                                .permissions = permissions_of(pending.permissions)},
                                               prepared.whose));
  if (again) {
    row.expires_at.reset();
    row.rotated_at = call.now();
    row.permissions = pending.permissions;
    take_over(row, prepared.whose);
  }
  TRY(connections.keep_sign_in(transaction, row, prepared.sign_in, prepared.authorized,
                               prepared.client_secret));
  TRY(again ? update_connection(transaction, row) : add_connection(transaction, row));
  TRY(plan_rotation(connections, transaction, row, {}));
  TRY(transaction.run(update_made, {pending.id, row.uuid}));
  call.changes("connection " + row.name, nullptr, again ? "made again" : "made");
  return shown(connections, row, call.now());
}

void add_sign_in_operations(Catalogue& catalogue, Connections& connections) {
  catalogue.add<StartConnection>(connections);
  catalogue.add<FinishConnection>(connections);
}

}  // namespace piggy
