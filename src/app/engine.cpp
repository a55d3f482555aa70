#include "app/engine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>

#include "access/operations.h"
#include "access/person_operations.h"
#include "access/token_due.h"
#include "activity/activity.h"
#include "activity/operations.h"
#include "app/account_settings.h"
#include "app/first_run.h"
#include "app/invitation.h"
#include "app/operations.h"
#include "audience/operations.h"
#include "audit/operations.h"
#include "booking/operations.h"
#include "campaign/campaign.h"
#include "campaign/operations.h"
#include "campaign/send.h"
#include "chat/operations.h"
#include "connection/csv.h"
#include "connection/klaviyo.h"
#include "connection/listmonk.h"
#include "connection/mail.h"
#include "connection/mailchimp.h"
#include "connection/operations.h"
#include "connection/piggy_connector.h"
#include "connection/slack.h"
#include "connection/webhook.h"
#include "contact/operations.h"
#include "email/send.h"
#include "erasure/operations.h"
#include "flow/operations.h"
#include "form/operations.h"
#include "giftcard/operations.h"
#include "insight/operations.h"
#include "lead/lead_score.h"
#include "lead/operations.h"
#include "ledger/quarter.h"
#include "loyalty/operations.h"
#include "loyalty/reception.h"
#include "oauth/grant.h"
#include "order/operations.h"
#include "order/order_book.h"
#include "persona/operations.h"
#include "portal/operations.h"
#include "product/operations.h"
#include "referral/completion.h"
#include "referral/operations.h"
#include "reward/operations.h"
#include "reward/reception.h"
#include "segment/operations.h"
#include "segment/refresh.h"
#include "sequence/enrollment.h"
#include "sequence/operations.h"
#include "shop/operations.h"
#include "tier/active.h"
#include "tier/operations.h"
#include "vault/operations.h"
#include "voucher/operations.h"
#include "webhook/delivery.h"
#include "webhook/operations.h"

namespace piggy {

Result<DirectoryLock> DirectoryLock::take(const std::string& directory, bool make) {
  std::error_code problem;
  if (make) std::filesystem::create_directories(directory, problem);
  if (!std::filesystem::is_directory(directory, problem)) {
    return fail(ErrorCode::not_found, fmt::format("There is no data directory {}.", directory));
  }
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all, problem);
  int file = ::open((directory + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return fail(ErrorCode::unavailable,
                fmt::format("The data directory {} cannot be written.", directory));
  }
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    ::close(file);
    return fail(ErrorCode::in_progress,
                fmt::format("Another piggy is using the data directory {}.", directory));
  }
  return DirectoryLock(file);
}

DirectoryLock::~DirectoryLock() {
  if (file_ >= 0) ::close(file_);
}

namespace {

constexpr std::chrono::milliseconds audience_answer_timeout{10'000};

// A model is asked of the servers that serve it, in the order of the settings.
Chat::Models models_of(const RunConfiguration& configuration) {
  return [servers = configuration.model_servers()](
             const std::string& name) -> std::shared_ptr<model::Model> {
    std::vector<std::unique_ptr<model::Model>> models;
    for (const ModelServer& server : servers) {
      if (!server.serves(name)) continue;
      model::Endpoint endpoint{.name = server.name,
                               .format = server.format.value_or(model::WireFormat::openai_chat),
                               .base_url = server.url,
                               .api_key = server.api_key.value_or(""),
                               .model = name};
      if (server.timeout_seconds) {
        endpoint.timeouts.idle = std::chrono::seconds(*server.timeout_seconds);
      }
      models.push_back(model::make_model(std::move(endpoint)));
    }
    if (models.empty()) return nullptr;
    return model::with_fallback(std::move(models), {});
  };
}

EmailOptions email_options(const RunConfiguration& configuration) {
  return {.smtp_url = configuration.smtp_url.value_or(""),
          .outbox_folder = configuration.outbox_folder(),
          .from = configuration.mail_from,
          .connections = static_cast<std::size_t>(configuration.smtp_connections),
          .dkim = {.domain = configuration.dkim_domain.value_or(""),
                   .selector = configuration.dkim_selector.value_or(""),
                   .key_file = configuration.dkim_key_file.value_or("")}};
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::open(const RunConfiguration& configuration, bool make,
                                             const Clock* clock) {
  std::unique_ptr<Engine> engine(new Engine());
  engine->lock_ =
      std::make_unique<DirectoryLock>(TRY(DirectoryLock::take(configuration.data, make)));
  engine->settings_ = {.public_url = configuration.public_url.value_or(
                           fmt::format("http://{}", configuration.listen)),
                       .mail_from = configuration.mail_from};
  if (configuration.sandbox_clock) {
    auto begin = parse_time(*configuration.sandbox_clock);
    if (!begin) {
      return fail_field("/sandbox_clock", "The sandbox_clock must be a moment.");
    }
    engine->sandbox_ = std::make_unique<SandboxClock>(*begin);
    if (!clock) clock = engine->sandbox_.get();
  }
  engine->mail_ = TRY(MailPool::open(email_options(configuration)));
  engine->database_ = TRY(Database::open({.url = configuration.database_url(), .clock = clock}));
  TRY(engine->database_->write(
      0, [](Transaction& transaction) { return count_active_once(transaction, each_reception); }));
  engine->vault_ =
      TRY(Vault::open(*engine->database_, MasterSettings{.directory = configuration.data}));
  engine->callers_ = std::make_unique<Callers>(*engine->database_);
  engine->bearers_ = std::make_unique<Bearers>(*engine->database_, *engine->callers_,
                                               engine->settings_.public_url);
  engine->scheduler_ = std::make_unique<Scheduler>(*engine->database_, engine->settings_,
                                                   [it = engine.get()](std::int64_t account_id) {
                                                     return it->callers_->by_account(account_id);
                                                   });
  engine->add_connectors(configuration);
  engine->dispatch_ =
      TRY(Dispatch::start(*engine->database_, engine->catalogue_, *engine->callers_,
                          engine->connections_, engine->settings_, configuration.audit_reads));
  engine->dispatch_->after_write([it = engine.get()] { it->scheduler_->wake(); });
  engine->installation_.database = engine->database_.get();
  engine->installation_.sandbox = engine->sandbox_.get();
  engine->installation_.inner = engine->dispatch_.get();
  add_all_operations(engine->catalogue_, engine->moves_, engine->installation_,
                     engine->connections_, engine->vault_, engine->runner_);
  engine->chat_ = std::make_unique<Chat>(engine->catalogue_, *engine->dispatch_, *engine->callers_,
                                         models_of(configuration));
  engine->flow_door_ =
      std::make_unique<FlowDoor>(*engine->dispatch_, *engine->callers_, models_of(configuration));
  engine->runner_ = std::make_unique<FlowRunner>(*engine->database_, *engine->flow_door_);
  engine->add_jobs(configuration);
  engine->followers_ = std::make_unique<Followers>(*engine->database_);
  engine->add_followers();
  engine->sequence_runner_ = std::make_unique<SequenceRunner>(
      *engine->database_,
      [it = engine.get()](std::int64_t account) { return it->callers_->by_account(account); });
  engine->mailer_ = std::make_unique<Mailer>(
      *engine->database_, *engine->callers_, engine->settings_,
      [&pool = *engine->mail_](const Outgoing& mail) { return pool.hand_over(mail); });
  engine->webhook_receivers_ =
      std::make_unique<WebhookReceivers>(configuration.allow_private_connections);
  engine->webhooks_ = std::make_unique<WebhookSender>(
      *engine->database_, engine->vault_,
      [&receivers = *engine->webhook_receivers_](const WebhookRequest& request) {
        return receivers.send(request);
      });
  return engine;
}

Engine::~Engine() {
  if (webhooks_) webhooks_->stop();
  if (sequence_runner_) sequence_runner_->stop();
  if (mailer_) mailer_->stop();
  if (followers_) followers_->stop();
  if (runner_) runner_->stop();
  if (scheduler_) scheduler_->stop();
}

void Engine::add_connectors(const RunConfiguration& configuration) {
  connections_.add(std::make_unique<PiggyConnector>(
      catalogue_, database_->clock(),
      PiggyConnector::Options{.allow_private_addresses = configuration.allow_private_connections}));
  ServiceClient::Options outside{.allow_private_addresses =
                                     configuration.allow_private_connections};
  connections_.sign_in_by(
      std::make_unique<OAuthClient>(outside, database_->clock(), settings_.public_url));
  connections_.add(std::make_unique<Slack>(outside, database_->clock()));
  connections_.add(std::make_unique<Mail>(*mail_, database_->clock()));
  connections_.add(std::make_unique<Webhook>(outside, database_->clock()));
  // A chunk that is pushed is asked for within the minute of its job's lease.
  outside.answer_timeout = audience_answer_timeout;
  connections_.add(std::make_unique<Listmonk>(outside, database_->clock()));
  connections_.add(std::make_unique<Mailchimp>(outside, database_->clock()));
  connections_.add(std::make_unique<Klaviyo>(outside, database_->clock()));
  connections_.add(std::make_unique<Csv>(configuration.data + "/audiences", database_->clock()));
}

void Engine::add_jobs(const RunConfiguration&) {
  add_token_jobs(*scheduler_);
  erasures_ = {forget_activities,         forget_lead_score,      forget_segment_members,
               forget_enrollments,        forget_sends,           forget_audience_members,
               forget_submissions,        forget_giftcards,       forget_referrals,
               forget_webhook_deliveries, finish_erasure_requests};
  add_contact_jobs(*scheduler_, moves_, erasures_);
  add_voucher_jobs(*scheduler_);
  add_lead_jobs(*scheduler_);
  add_campaign_jobs(*scheduler_);
  add_segment_jobs(*scheduler_, *database_);
  add_sequence_jobs(*scheduler_);
  scheduler_->handle_outside(chat_turn_kind, [this](const JobRow& job) { return chat_->run(job); });
  add_audience_jobs(*scheduler_, *database_, connections_);
  add_email_jobs(*scheduler_, *mail_, database_->clock());
  scheduler_->handle_outside(rotate_connection_kind, [this](const JobRow& job) {
    return rotate_when_due(job, *database_, [this](std::int64_t account, const Uuid& connection) {
      return rotate_connection(account, connection);
    });
  });
}

// Who acts on events.
void Engine::add_followers() {
  followers_->follow("flows", [this](Transaction& transaction, EventRefs events) {
    return runner_->follow(transaction, events);
  });
  add_referral_follower(*followers_, installation_.programmes);
  add_lead_follower(*followers_);
  add_sequence_follower(*followers_);
  followers_->follow(
      "segments", [dialect = dialect_of(*database_)](Transaction& transaction, EventRefs events) {
        return follow_segments(dialect, transaction, events);
      });
  add_audience_follower(*followers_);
  add_webhook_follower(*followers_);
}

Result<std::string> Engine::setup_code() {
  bool begun = false;
  TRY(database_->read(0, [&](Transaction& transaction) -> Result<> {
    begun = TRY(has_begun(transaction));
    return {};
  }));
  return begun ? "" : installation_.setup_code.make();
}

Result<> Engine::rotate_connection(std::int64_t account_id, const Uuid& connection) {
  TRY(dispatch_->call_and_wait(
      {.operation = catalogue_.find(RotateConnectionKey::info.name),
       .caller = TRY(callers_->by_account(account_id)),
       .input = Value::object({{"connection_uuid", to_string(connection)}}),
       .door = Door::job}));
  return {};
}

namespace {

// No program acts for somebody who has left.
Result<> end_grants_by(Transaction& transaction, const PersonRow& person) {
  TRY(oauth::revoke_user(transaction, person.id));
  return {};
}

}  // namespace

// In the order in which a person meets them: it is the order of the manual.
void add_all_operations(Catalogue& catalogue, ContactMoves& moves, Installation& installation,
                        Connections& connections, const std::unique_ptr<Vault>& vault,
                        const std::unique_ptr<FlowRunner>& runner) {
  moves = {
      move_receptions,        move_imported_lines, move_vouchers,           move_bookings,
      move_submissions,       move_activities,     move_lead_scores,        move_segment_members,
      move_enrollments,       move_sends,          move_audience_members,   move_giftcards,
      move_reward_receptions, move_referrals,      move_webhook_deliveries, move_erasure_requests};
  installation.departures = {end_grants_by};
  add_access_operations(catalogue);
  add_person_operations(catalogue, installation.departures);
  catalogue.add<CreateAccount>();
  catalogue.add<GetAccountSettings>();
  catalogue.add<UpdateAccountSettings>();
  catalogue.add<GetInstallation>();
  catalogue.add<BeginInstallation>(installation.setup_code);
  catalogue.add<InviteUser>();
  catalogue.add<AcceptInvitation>();
  catalogue.add<Verify>(installation);
  catalogue.add<Backup>(installation);
  catalogue.add<AdvanceClock>(installation);
  add_vault_operations(catalogue, vault);
  add_audit_operations(catalogue);
  add_connection_operations(catalogue, connections);
  add_persona_operations(catalogue, connections, installation.inner);
  add_chat_operations(catalogue);
  add_shop_operations(catalogue);
  add_contact_operations(catalogue, moves);
  add_tier_operations(catalogue);
  add_loyalty_operations(catalogue, installation.programmes);
  add_reward_operations(catalogue, installation.programmes);
  add_voucher_operations(catalogue);
  add_giftcard_operations(catalogue);
  add_product_operations(catalogue);
  add_booking_operations(catalogue);
  add_erasure_operations(catalogue);
  add_portal_operations(catalogue, installation.programmes);
  add_form_operations(catalogue);
  add_referral_operations(catalogue, installation.programmes);
  add_order_operations(catalogue, installation.programmes);
  add_webhook_operations(catalogue, vault);
  add_activity_operations(catalogue);
  add_insight_operations(catalogue);
  add_lead_operations(catalogue);
  add_segment_operations(catalogue);
  add_campaign_operations(catalogue);
  add_sequence_operations(catalogue);
  add_audience_operations(catalogue, connections);
  add_flow_operations(catalogue, connections, runner);
}

}  // namespace piggy
