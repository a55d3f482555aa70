#include "connection/piggy_connector.h"

#include <fmt/format.h>
#include <sodium.h>

#include <chrono>
#include <thread>

namespace piggy {
namespace {

constexpr ConnectorInfo about_piggy = {
    .name = "piggy",
    .title = "Piggy",
    .about =
        "Another Piggy: the vendor's, or one like this. Its contacts, credits and vouchers, by "
        "the same tools as those of this engine.",
    .key = "API key",
    .base_url = "https://api.piggy.eu",
    .oauth = true};

constexpr std::size_t clients_max = 256;

Hash identity_of(const Reach& reach) {
  Hash hash;
  crypto_generichash_state state;
  crypto_generichash_init(&state, reach.key.data(), std::min<std::size_t>(reach.key.size(), 64),
                          hash.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(reach.base_url.data()),
                            reach.base_url.size());
  crypto_generichash_final(&state, hash.data(), hash.size());
  return hash;
}

}  // namespace

const ConnectorInfo& PiggyConnector::info() const { return about_piggy; }

// What another Piggy offers is what the v3 wire has; our own operations stay here.
std::vector<const Operation*> PiggyConnector::tools() const {
  std::vector<const Operation*> tools;
  for (const auto& operation : catalogue_.all()) {
    if (operation->info.tool && operation->info.surface != Surface::platform) {
      tools.push_back(operation.get());
    }
  }
  return tools;
}

Result<std::shared_ptr<RemotePiggy>> PiggyConnector::client(const Reach& reach) {
  Hash identity = identity_of(reach);
  std::lock_guard lock(mutex_);
  if (auto found = clients_.find(identity); found != clients_.end()) return found->second;
  std::shared_ptr<RemotePiggy> made = TRY(RemotePiggy::make(
      {.base_url = reach.base_url,
       .api_key = std::string(reach.key.view()),
       .allow_private_addresses = options_.allow_private_addresses},
      {.breakers = breakers_,
       .clock = clock_,
       .random = std::make_unique<SecureRandom>(),
       .sleep = [](std::chrono::milliseconds pause) { std::this_thread::sleep_for(pause); }}));
  if (clients_.size() >= clients_max) clients_.clear();  // Those in use live on with their callers.
  clients_.emplace(identity, made);
  return made;
}

Result<> PiggyConnector::may_be(const Reach& reach) const {
  Breakers breakers;
  TRY(RemotePiggy::make({.base_url = reach.base_url, .api_key = std::string(reach.key.view())},
                        {.breakers = breakers, .clock = clock_}));
  return {};
}

// The v3 wire of an engine of ours is a resource that people can give programs access to.
Result<OAuthTerms> PiggyConnector::oauth(const std::string& base_url, const Permissions&) const {
  return OAuthTerms{.resource = TRY(read_base_url(base_url)).prefix + "/api/v3"};
}

Result<Whose> PiggyConnector::check(const Reach& reach) {
  WhoseAccount whose = TRY(TRY(client(reach))->check());
  Whose found{.name = whose.company,
              .settings = Value::object({{"account", whose.uuid}, {"engine", whose.engine}})};
  if (whose.engine.empty() || reach.signed_in) return found;
  RemotePiggy::Key key = TRY(TRY(client(reach))->about_key());
  found.key_expires_at = key.expires_at;
  found.rotate_at = key.rotate_at;
  return found;
}

bool PiggyConnector::rehearses(const Reach& reach) const {
  return !reach.settings.text_of("engine").empty();
}

bool PiggyConnector::rotates(const Reach& reach) const {
  return !reach.signed_in && !reach.settings.text_of("engine").empty();
}

Result<NewKey> PiggyConnector::rotate(const Reach& reach) {
  if (!rotates(reach)) return Connector::rotate(reach);
  RemotePiggy::Key key = TRY(TRY(client(reach))->rotate_key());
  return NewKey{.key = SecretBytes::copy_of(key.key),
                .expires_at = key.expires_at,
                .rotate_at = key.rotate_at};
}

Result<bool> PiggyConnector::revoke(const Reach& reach) {
  if (!rotates(reach)) return false;
  TRY(TRY(client(reach))->revoke_key());
  return true;
}

Result<OutsideAnswer> PiggyConnector::call(const Reach& reach, const OutsideRequest& request) {
  std::shared_ptr<RemotePiggy> piggy = TRY(client(reach));
  const OperationInfo& info = request.operation.info;
  bool harmless = info.idempotent || !request.operation.writes() || request.dry_run;
  // An engine of ours knows the idempotency key; a stranger would do it once more.
  if (request.perhaps_done && !harmless && TRY(piggy->check()).engine.empty()) {
    return fail(ErrorCode::unavailable,
                fmt::format("This was interrupted after it may have been sent to {}. It is not "
                            "known whether it was done there: look before you ask for it again.",
                            piggy->host()));
  }
  RemoteAnswer answer =
      TRY(piggy->call(request.operation, request.input, request.idempotency_key, request.dry_run));
  return OutsideAnswer{.output = std::move(answer.output),
                       .told = std::move(answer.told),
                       .effects = std::move(answer.effects)};
}

}  // namespace piggy
