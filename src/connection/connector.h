#pragma once

// A connector is what personas can be connected to: a few declared operations that are done
// elsewhere, and a way to sign in there.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "connection/oauth_client.h"
#include "operation/operation.h"
#include "vault/secret.h"

namespace piggy {

struct ConnectorInfo {
  std::string_view name;  // Also the first handle that its connections are given.
  std::string_view title;
  std::string_view about;
  // What must be given to sign in, for people: "Bot token". Empty: nothing is needed.
  std::string_view key = {};
  std::string_view base_url = {};  // Where it is, unless somebody says otherwise.
  bool oauth = false;              // People can also sign in there in the browser.
};

// What of its connector's tools a connection may be used for, by their names. None: for all, also
// those that the connector gets later.
using Permissions = std::optional<std::vector<std::string>>;
bool permits(const Permissions& permissions, std::string_view tool);

// One connection, as it is needed to act through it.
struct Reach {
  std::string base_url = {};
  SecretBytes key = {};
  bool signed_in = false;            // The key is an access token, which is not its to change.
  Value settings = Value::object();  // What the connector itself keeps; no secret.
};

// Who is acted for there.
struct Whose {
  std::string name = {};  // Of the account, for people.
  std::optional<Time> key_expires_at = {};
  std::optional<Time> rotate_at = {};  // When the other side wants the key changed.
  Value settings = Value::object();
};

struct NewKey {
  SecretBytes key = {};
  std::optional<Time> expires_at = {};
  std::optional<Time> rotate_at = {};
};

struct OutsideRequest {
  const Operation& operation;
  const Value& input;
  std::string_view idempotency_key = {};  // Stable: the same however often it is sent.
  bool dry_run = false;
  // Somebody before us may have sent it, and nobody knows whether it was done. Who cannot recognise
  // a repetition must not be sent it again.
  bool perhaps_done = false;
};

struct OutsideAnswer {
  Object output = {};  // Complete: what the other side left out has the default of its kind.
  // The same as the other side told it, where that may be less.
  std::optional<Value> told = {};
  std::vector<EffectLine> effects = {};
};

// All functions block, for as long as a minute, and are called by many threads. Errors are plain
// sentences that name the other side and hold no key. `unauthenticated`: it refused the key, and
// somebody must connect again.
class Connector {
 public:
  virtual ~Connector() = default;
  virtual const ConnectorInfo& info() const = 0;
  // Its operations, each a tool; what they do is `call`.
  virtual std::vector<const Operation*> tools() const = 0;
  const Operation* find(std::string_view name) const;

  // Refused: an address or a key that can be none, with the field's name. Connects to nothing.
  virtual Result<> may_be(const Reach& reach) const = 0;
  // Whether the key works, and whose account it opens.
  virtual Result<Whose> check(const Reach& reach) = 0;
  virtual Result<OutsideAnswer> call(const Reach& reach, const OutsideRequest& request) = 0;
  // What to ask for when a person signs in there, so that what is permitted can be done and nothing
  // else where the other side tells them apart. `conflict` where there is no such way.
  virtual Result<OAuthTerms> oauth(const std::string& base_url,
                                   const Permissions& permissions) const;
  // A new key in the place of this one, which goes on working for a while. `conflict` where keys
  // are not the connector's to change.
  virtual Result<NewKey> rotate(const Reach& reach);
  // Whether it can be asked for a dry run.
  virtual bool rehearses(const Reach& reach) const;
  // Whether `rotate` can be hoped for.
  virtual bool rotates(const Reach& reach) const;
  // Tells the other side that the key is not used any more; false where it cannot be told.
  virtual Result<bool> revoke(const Reach& reach);
};

}  // namespace piggy
