#pragma once

// Everything below the network, built in one place and handed down: the database, the catalogue of
// all operations, the dispatch, the scheduler.

#include <memory>
#include <string>

#include "access/access.h"
#include "app/configuration.h"
#include "app/operations.h"
#include "base/sandbox_clock.h"
#include "campaign/mailer.h"
#include "connection/connection.h"
#include "contact/contact.h"
#include "door/bearers.h"
#include "door/chat.h"
#include "door/dispatch.h"
#include "door/flows.h"
#include "email/send.h"
#include "event/follow.h"
#include "flow/runner.h"
#include "operation/operation.h"
#include "schedule/job.h"
#include "sequence/runner.h"
#include "vault/vault.h"
#include "webhook/sender.h"

namespace piggy {

// Holds a data directory for one process, and ends with it whatever happens.
class DirectoryLock {
 public:
  // `in_progress` when another process holds it.
  static Result<DirectoryLock> take(const std::string& directory, bool make);
  DirectoryLock(DirectoryLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int file) : file_(file) {}
  int file_;
};

class Engine {
 public:
  // Opens the store. Jobs are not run before `scheduler().start()`.
  // `clock`: null is the machine's.
  static Result<std::unique_ptr<Engine>> open(const RunConfiguration& configuration, bool make,
                                              const Clock* clock = nullptr);
  ~Engine();

  Database& database() { return *database_; }
  Catalogue& catalogue() { return catalogue_; }
  Dispatch& dispatch() { return *dispatch_; }
  Chat& chat() { return *chat_; }
  Callers& callers() { return *callers_; }
  const Bearers& bearers() const { return *bearers_; }
  Scheduler& scheduler() { return *scheduler_; }
  Followers& followers() { return *followers_; }
  FlowRunner& runner() { return *runner_; }
  SequenceRunner& sequence_runner() { return *sequence_runner_; }
  Mailer& mailer() { return *mailer_; }
  WebhookSender& webhooks() { return *webhooks_; }
  Vault& vault() { return *vault_; }
  const Settings& settings() const { return settings_; }
  // A new code with which an empty Piggy can be begun; "" when there is an account.
  Result<std::string> setup_code();

 private:
  Engine() = default;
  void add_connectors(const RunConfiguration& configuration);
  Result<> rotate_connection(std::int64_t account_id, const Uuid& connection);
  void add_jobs(const RunConfiguration& configuration);
  void add_followers();

  std::unique_ptr<DirectoryLock> lock_;
  Settings settings_;
  Installation installation_;
  std::unique_ptr<SandboxClock> sandbox_;
  std::unique_ptr<MailPool> mail_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<Callers> callers_;
  std::unique_ptr<Bearers> bearers_;
  ContactMoves moves_;
  ContactErasures erasures_;
  Catalogue catalogue_;
  Connections connections_{catalogue_, vault_};
  std::unique_ptr<Scheduler> scheduler_;
  std::unique_ptr<Dispatch> dispatch_;
  std::unique_ptr<Chat> chat_;
  std::unique_ptr<FlowDoor> flow_door_;
  std::unique_ptr<FlowRunner> runner_;
  std::unique_ptr<Followers> followers_;
  std::unique_ptr<SequenceRunner> sequence_runner_;
  std::unique_ptr<Mailer> mailer_;
  std::unique_ptr<WebhookReceivers> webhook_receivers_;
  std::unique_ptr<WebhookSender> webhooks_;
};

inline const std::unique_ptr<Vault> no_vault = nullptr;
inline const std::unique_ptr<FlowRunner> no_runner = nullptr;

// All operations there are; what they need must outlive the catalogue. Without a database they can
// be described, but those about the installation cannot be run.
void add_all_operations(Catalogue& catalogue, ContactMoves& moves, Installation& installation,
                        Connections& connections, const std::unique_ptr<Vault>& vault = no_vault,
                        const std::unique_ptr<FlowRunner>& runner = no_runner);

// All operations to be looked up and described; none can be run.
struct DescribedOperations {
  DescribedOperations() { add_all_operations(catalogue, moves, installation, connections); }
  DescribedOperations(const DescribedOperations&) = delete;

  Catalogue catalogue = {};
  ContactMoves moves = {};
  Installation installation = {};
  Connections connections{catalogue, no_vault};
};

}  // namespace piggy
