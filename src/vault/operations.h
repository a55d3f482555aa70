#pragma once

// What the owner of the data sees of the vault, and does to it. No secret is among it.

#include <memory>

#include "operation/operation.h"
#include "vault/vault.h"

namespace piggy {

struct VaultStatus {
  static constexpr OperationInfo info = {
      .name = "vault_status",
      .title = "Vault Status",
      .about =
          "Shows which master keys the vault has, how many data keys each of them wraps, and "
          "how far a change of the master key has come. With prove, every data key is "
          "unwrapped by the current master key, which shows that old ones may be put away.",
      .verb = Verb::get,
      .path = "/vault",
      .scope = "access:read",
      .surface = Surface::platform,
      .slow = true};
  struct Input {
    std::optional<bool> prove = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<MasterStatus> masters = {};
    std::int64_t done = 0;
    std::int64_t total = 0;
    std::int64_t replaced_keys = 0;
    std::optional<RotationStatus> rotation = {};
    std::optional<RotationProof> proof = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(const std::unique_ptr<Vault>& vault, Call& call, const Input& input);
};

struct RotateMasterKey {
  static constexpr OperationInfo info = {
      .name = "rotate_master_key",
      .title = "Rotate Master Key",
      .about =
          "Puts a new master key in the place of the one in the data directory, and wraps all "
          "data keys by it in the background while work goes on. The old key's file stays "
          "readable beside it. Follow it with vault_status; keep a copy of the new master.key.",
      .verb = Verb::post,
      .path = "/vault/rotate-master",
      .scope = "access:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::optional<std::string> source = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    Uuid uuid = {};
    std::string old_master = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(const std::unique_ptr<Vault>& vault, Call& call, const Input& input);
};

// The vault may come later: the operations can be described without it, but not run.
void add_vault_operations(Catalogue& catalogue, const std::unique_ptr<Vault>& vault);

}  // namespace piggy
