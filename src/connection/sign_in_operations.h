#pragma once

// Connecting by signing in at the other side in the browser. It takes two operations: one says
// where to send the person, the other takes what they come back with. In between, what proves us
// lies in the vault.

#include "connection/operations.h"

namespace piggy {

// For so long a person may be away.
inline constexpr std::int64_t sign_in_minutes = 60;

// A sign-in that has begun, as it is stored.
struct PendingSignIn {
  std::int64_t id = 0;
  std::int64_t person_id = 0;
  std::string connector = {};
  std::string base_url = {};
  std::optional<std::string> name = {};
  std::optional<std::string> handle = {};
  std::optional<Uuid> connection_uuid = {};  // The one that is made again.
  std::optional<Uuid> made_uuid = {};        // The one that came of it.
  Value sign_in = {};
  std::optional<Uuid> secret_uuid = {};  // None: it has ended.
  Time created_at = {};
  Value permissions = {};
};

struct StartConnection {
  static constexpr OperationInfo info = {
      .name = "start_connection",
      .title = "Start Connection",
      .about =
          "Begins to connect another service by signing in there in the browser instead of giving "
          "a key: the answer is the page to open. There the person decides what may be done in "
          "their name, and comes back connected. Nothing is connected before that. With "
          "connection_uuid an existing connection is made again: its grants stay, and so do its "
          "permissions unless others are given.",
      .verb = Verb::post,
      .path = "/connections/start",
      .scope = "connections:write",
      .effect = Effect::write,
      .surface = Surface::platform,
      .wire = {.status = 201}};
  struct Input {
    std::string connector = {};
    std::optional<std::string> name = {};
    std::optional<std::string> handle = {};
    std::optional<std::string> base_url = {};
    Permissions permissions = {};
    std::optional<Uuid> connection_uuid = {};
    std::optional<std::string> client_id = {};
    std::optional<std::string> client_secret = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::string url = {};
    Time expires_at = {};
    static void describe(Fields<Output>& field) {
      field("url", &Output::url, "The page at the other side, for the browser of whoever connects.",
            {.untrusted = true});
      field("expires_at", &Output::expires_at, "Until when one can come back.");
    }
  };
  struct Prepared {
    std::string base_url = {};
    Permissions permissions = {};
    OAuthTerms terms = {};
    OAuthServer server = {};
    ClientIdentity client = {};
  };
  static void check(const Input& input, std::vector<FieldError>& problems);
  static Result<Prepared> prepare(Connections& connections, const Preparation& preparation,
                                  const Input& input);
  static Result<Output> run(Connections& connections, Call& call, const Input& input,
                            const Prepared& prepared);
};

struct FinishConnection {
  static constexpr OperationInfo info = {
      .name = "finish_connection",
      .title = "Finish Connection",
      .about =
          "Takes what a person comes back with from the other side, and makes the connection. The "
          "page to which they are sent back does it by itself; asked twice, it shows the same "
          "connection.",
      .verb = Verb::post,
      .path = "/connections/finish",
      .scope = "connections:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    std::string state = {};
    std::optional<std::string> code = {};
    std::optional<std::string> iss = {};
    std::optional<std::string> error = {};
    static void describe(Fields<Input>& field);
  };
  using Output = ConnectionView;
  struct Prepared {
    PendingSignIn pending = {};
    OAuthSignIn sign_in = {};
    Authorized authorized = {};
    std::string client_secret = {};
    Whose whose = {};
  };
  static Result<Prepared> prepare(Connections& connections, const Preparation& preparation,
                                  const Input& input);
  static Result<Output> run(Connections& connections, Call& call, const Input& input,
                            const Prepared& prepared);
};

// `connections` is borrowed and outlives the catalogue.
void add_sign_in_operations(Catalogue& catalogue, Connections& connections);

}  // namespace piggy
