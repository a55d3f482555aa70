#include "vault/rotation.h"

namespace piggy {
namespace {

constexpr std::string_view select_counts = R"sql(
  SELECT master, count(*) FROM vault_key GROUP BY master
)sql";

constexpr std::string_view select_latest = R"sql(
  SELECT uuid, requested_at, switched_at, finished_at, problem FROM vault_rotation
  WHERE account_id = 0 ORDER BY id DESC LIMIT 1
)sql";

constexpr std::string_view count_replaced = R"sql(
  SELECT count(*) FROM vault_key WHERE replaced_at IS NOT NULL
)sql";

constexpr std::string_view select_keys = R"sql(
  SELECT account_id, id, master, wrapped FROM vault_key
  WHERE master = $1 AND (id, account_id) > ($2, $3)
  ORDER BY id, account_id LIMIT 500
)sql";

constexpr std::string_view count_elsewhere = R"sql(
  SELECT count(*) FROM vault_key WHERE master <> $1
)sql";

struct CountRow {
  std::string master = {};
  std::int64_t keys = 0;
};

}  // namespace

void MasterStatus::describe(Fields<MasterStatus>& field) {
  field("id", &MasterStatus::id, "Its fingerprint, which tells nothing of the key.");
  field("kind", &MasterStatus::kind, "Where it lies: a file, the environment, a PKCS#11 token.");
  field("current", &MasterStatus::current, "Whether what is new is wrapped by it.");
  field("keys", &MasterStatus::keys, "How many data keys are wrapped by it.");
}

void RotationStatus::describe(Fields<RotationStatus>& field) {
  field("uuid", &RotationStatus::uuid, "The change.");
  field("requested_at", &RotationStatus::requested_at, "When it was asked for.");
  field("switched_at", &RotationStatus::switched_at, "When the new key came into use.");
  field("finished_at", &RotationStatus::finished_at,
        "When the last data key was wrapped by the new one.");
  field("problem", &RotationStatus::problem, "Why the key was not changed.");
}

void RotationProof::describe(Fields<RotationProof>& field) {
  field("opened", &RotationProof::opened,
        "How many data keys the current master key has unwrapped.");
  field("refused", &RotationProof::refused, "How many it has not, though they name it.");
  field("left", &RotationProof::left, "How many data keys are wrapped by another one.");
  field("complete", &RotationProof::complete,
        "True when nothing needs another master key: the old ones may be put away.");
}

Result<std::vector<MasterStatus>> Rotation::masters(Transaction& transaction) const {
  auto counts = TRY(transaction.all<CountRow>(select_counts));
  std::vector<MasterStatus> all;
  for (const DataKeys::Master& master : keys_.masters()) {
    MasterStatus& status = all.emplace_back();
    status = {.id = master->id(), .kind = master->kind(), .current = all.size() == 1};
    for (const CountRow& count : counts) {
      if (count.master == status.id) status.keys = count.keys;
    }
  }
  return all;
}

Result<std::optional<RotationStatus>> Rotation::latest(Transaction& transaction) const {
  return transaction.first<RotationStatus>(select_latest);
}

Result<std::int64_t> Rotation::replaced_keys(Transaction& transaction) const {
  return transaction.one<std::int64_t>(count_replaced);
}

Result<RotationProof> Rotation::prove(Transaction& transaction) const {
  std::string master = keys_.current()->id();
  RotationProof proof{.left = TRY(transaction.one<std::int64_t>(count_elsewhere, {master}))};
  WrappedKey last;
  for (;;) {
    auto page = TRY(transaction.all<WrappedKey>(select_keys, {master, last.id, last.account_id}));
    if (page.empty()) break;
    for (const WrappedKey& key : page) {
      auto opened = keys_.unwrap_anew(key);
      if (!opened && opened.error().code != ErrorCode::internal) {
        return std::unexpected(std::move(opened).error());
      }
      ++(opened ? proof.opened : proof.refused);
    }
    last = std::move(page.back());
  }
  proof.complete = proof.left == 0 && proof.refused == 0;
  return proof;
}

}  // namespace piggy
