#pragma once

// Another Piggy as a connection: the tools of this engine, done there (remote/client.h).

#include <map>
#include <memory>
#include <mutex>

#include "connection/connector.h"
#include "remote/client.h"

namespace piggy {

class PiggyConnector final : public Connector {
 public:
  struct Options {
    bool allow_private_addresses = false;
  };

  // The catalogue is borrowed and may be filled later. `clock` outlives it.
  PiggyConnector(const Catalogue& catalogue, const Clock& clock, Options options)
      : catalogue_(catalogue), clock_(clock), options_(options) {}

  const ConnectorInfo& info() const override;
  std::vector<const Operation*> tools() const override;
  Result<> may_be(const Reach& reach) const override;
  Result<OAuthTerms> oauth(const std::string& base_url,
                           const Permissions& permissions) const override;
  Result<Whose> check(const Reach& reach) override;
  // Of an engine of ours. A stranger gives its keys out in its own way.
  Result<NewKey> rotate(const Reach& reach) override;
  bool rehearses(const Reach& reach) const override;
  bool rotates(const Reach& reach) const override;
  Result<bool> revoke(const Reach& reach) override;
  Result<OutsideAnswer> call(const Reach& reach, const OutsideRequest& request) override;

 private:
  // Kept from call to call, with its connections to the other side and what it has learned of it.
  Result<std::shared_ptr<RemotePiggy>> client(const Reach& reach);

  const Catalogue& catalogue_;
  const Clock& clock_;
  const Options options_;
  Breakers breakers_;
  std::mutex mutex_;
  std::map<Hash, std::shared_ptr<RemotePiggy>> clients_;
};

}  // namespace piggy
