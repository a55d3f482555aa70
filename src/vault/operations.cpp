#include "vault/operations.h"

namespace piggy {
namespace {

Result<Rotation*> rotation_for(const std::unique_ptr<Vault>& vault, const Call& call) {
  if (call.transaction.account() != 0) {
    return fail({.code = ErrorCode::forbidden,
                 .message = "This is for the owner of the data alone.",
                 .number = 403});
  }
  if (!vault) return fail(ErrorCode::unavailable, "There is no vault here.");
  return &vault->rotation();
}

}  // namespace

void VaultStatus::Input::describe(Fields<Input>& field) {
  field("prove", &Input::prove, "Unwrap every data key, which takes a while.");
}

void VaultStatus::Output::describe(Fields<Output>& field) {
  field("masters", &Output::masters, "The master keys that are given, the current one first.");
  field("done", &Output::done, "How many data keys are wrapped by the current master key.");
  field("total", &Output::total, "How many data keys there are.");
  field("replaced_keys", &Output::replaced_keys,
        "How many data keys have a successor and still wait for their secrets to be sealed anew.");
  field("rotation", &Output::rotation, "The latest change of the master key.");
  field("proof", &Output::proof, "What came of unwrapping every data key, where asked for.");
}

Result<VaultStatus::Output> VaultStatus::run(const std::unique_ptr<Vault>& vault, Call& call,
                                             const Input& input) {
  Rotation* rotation = TRY(rotation_for(vault, call));
  Output output{.masters = TRY(rotation->masters(call.transaction))};
  for (const MasterStatus& master : output.masters) {
    if (master.current) output.done = master.keys;
    output.total += master.keys;
  }
  output.replaced_keys = TRY(rotation->replaced_keys(call.transaction));
  output.rotation = TRY(rotation->latest(call.transaction));
  if (input.prove.value_or(false)) output.proof = TRY(rotation->prove(call.transaction));
  return output;
}

void RotateMasterKey::Input::describe(Fields<Input>& field) {
  field("source", &Input::source,
        "The pkcs11: URI of a key in a token; without it a new key is made in the data directory.",
        {.min = 1, .max = 1000});
}

void RotateMasterKey::Output::describe(Fields<Output>& field) {
  field("uuid", &Output::uuid, "The change.");
  field("old_master", &Output::old_master, "The fingerprint of the key whose place is taken.");
}

Result<RotateMasterKey::Output> RotateMasterKey::run(const std::unique_ptr<Vault>& vault,
                                                     Call& call, const Input& input) {
  Rotation* rotation = TRY(rotation_for(vault, call));
  RotationRequest request = TRY(rotation->request(call.transaction, input.source));
  call.changes("the master key", request.old_master, "another one");
  return Output{.uuid = request.uuid, .old_master = request.old_master};
}

void add_vault_operations(Catalogue& catalogue, const std::unique_ptr<Vault>& vault) {
  catalogue.add<VaultStatus>(vault);
  catalogue.add<RotateMasterKey>(vault);
}

}  // namespace piggy
