#include "webhook/sender.h"

#include <fmt/format.h>
#include "base/log.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "webhook/delivery.h"
#include "webhook/signature.h"

// One thread looks whose turn it is and hands them to the others; what is under way is in memory
// alone, because one process sends for a store.

namespace piggy {
namespace {

constexpr auto look_interval = std::chrono::seconds(1);
constexpr std::int64_t cleaning_interval = 60 * microseconds_per_second;
constexpr std::int64_t of_an_account_max = 4;
constexpr int deliveries_a_turn = 32;

// Of each account the first few, so that one with many of them does not hide the others.
constexpr std::string_view select_turns = R"sql(
  SELECT account_id, id FROM (
    SELECT account_id, id, due_at,
           row_number() OVER (PARTITION BY account_id ORDER BY due_at, id) AS place
    FROM webhook_subscription
    WHERE due_at IS NOT NULL AND due_at <= $1 AND status = 'ACTIVE') due
  WHERE place <= 8 ORDER BY due_at, id LIMIT 256
)sql";

struct Turn {
  std::int64_t account_id = 0;
  std::int64_t subscription_id = 0;
};

// One delivery with what it takes to send it.
struct UnderWay {
  WebhookSubscriptionRow subscription = {};
  WebhookDeliveryRow delivery = {};
  SecretBytes secret = {};
};

WebhookRequest request_of(const UnderWay& one, Time now) {
  const std::string& body = one.delivery.body;
  std::string id = "msg_" + to_string(one.delivery.uuid);
  std::int64_t seconds = now.microseconds / microseconds_per_second;
  SecretBytes key = standard_key_in(one.secret.view());
  return {.url = one.subscription.url,
          .headers = {"Content-Type: application/json", "User-Agent: Piggy-Webhooks",
                      "Signature: " + body_signature(one.secret.view(), body), "webhook-id: " + id,
                      fmt::format("webhook-timestamp: {}", seconds),
                      "webhook-signature: " +
                          standard_signature(key.empty() ? one.secret.view() : key.view(), id,
                                             seconds, body)},
          .body = body};
}

}  // namespace

struct WebhookSender::State {
  Database& database;
  const std::unique_ptr<Vault>& vault;
  WebhookTransport transport;

  std::mutex mutex = {};
  std::condition_variable_any given = {};
  std::deque<Turn> ready = {};
  std::set<std::int64_t> under_way = {};  // Subscriptions, ready or with a thread.
  std::map<std::int64_t, std::int64_t> of_account = {};
  std::size_t thread_count = 0;
  Time cleaned_at = {};
  std::vector<std::jthread> threads = {};  // The last ends first.

  Result<std::vector<Turn>> turns();
  Result<std::optional<UnderWay>> take(const Turn& turn);
  Result<bool> send_next(const Turn& turn);
  Result<> clean();
  bool begin(const Turn& turn);
  void end(const Turn& turn);
  bool hand_out();
  void look(const std::stop_token& stop);
  void work(const std::stop_token& stop);
};

Signal& webhook_signal() {
  static Signal signal;
  return signal;
}

Result<std::vector<Turn>> WebhookSender::State::turns() {
  std::vector<Turn> turns;
  TRY(database.read(0, [&](Transaction& transaction) -> Result<> {
    turns = TRY(transaction.all<Turn>(select_turns, {transaction.now()}));
    return {};
  }));
  return turns;
}

Result<std::optional<UnderWay>> WebhookSender::State::take(const Turn& turn) {
  std::optional<UnderWay> taken;
  TRY(database.read(turn.account_id, [&](Transaction& transaction) -> Result<> {
    auto subscription = TRY(webhook_subscription_by_id(transaction, turn.subscription_id));
    if (!subscription || subscription->status != WebhookStatus::ACTIVE) return {};
    if (!subscription->due_at || *subscription->due_at > transaction.now()) return {};
    auto delivery = TRY(next_webhook_delivery(transaction, subscription->id));
    if (!delivery) return {};
    SecretBytes secret = TRY(vault->get(transaction, subscription->secret_uuid));
    taken = UnderWay{*std::move(subscription), *std::move(delivery), std::move(secret)};
    return {};
  }));
  return taken;
}

// The next one for it. Whether there was one, and it was taken: then there may be more.
Result<bool> WebhookSender::State::send_next(const Turn& turn) {
  auto one = TRY(take(turn));
  if (!one) {
    // Its moment stands for something that is no longer there.
    TRY(database.write(turn.account_id, [&](Transaction& transaction) {
      return settle_receiver(transaction, turn.subscription_id);
    }));
    return false;
  }
  WebhookAnswer answer = transport(request_of(*one, database.clock().now()));
  TRY(database.write(turn.account_id, [&](Transaction& transaction) {
    return note_webhook_answer(transaction, one->delivery, answer);
  }));
  return answer.taken();
}

Result<> WebhookSender::State::clean() {
  Time now = database.clock().now();
  if (now < cleaned_at + cleaning_interval) return {};
  std::int64_t dropped = 0;
  TRY(database.write(0, [&](Transaction& transaction) -> Result<> {
    dropped = TRY(drop_old_webhook_deliveries(transaction));
    return {};
  }));
  if (dropped == 0) cleaned_at = now;  // Otherwise there may be more, at the next look.
  return {};
}

bool WebhookSender::State::begin(const Turn& turn) {
  if (under_way.size() >= thread_count || under_way.contains(turn.subscription_id)) return false;
  std::int64_t& count = of_account[turn.account_id];
  if (count >= of_an_account_max) return false;
  count++;
  under_way.insert(turn.subscription_id);
  ready.push_back(turn);
  return true;
}

void WebhookSender::State::end(const Turn& turn) {
  std::lock_guard lock(mutex);
  under_way.erase(turn.subscription_id);
  if (--of_account[turn.account_id] == 0) of_account.erase(turn.account_id);
}

// Whether anybody's turn began.
bool WebhookSender::State::hand_out() {
  Result<std::vector<Turn>> due = turns();
  if (!due) {
    spdlog::warn("webhooks wait: {}", due.error().message);
    return false;
  }
  bool any = false;
  {
    std::lock_guard lock(mutex);
    for (const Turn& turn : *due) any = begin(turn) || any;
  }
  if (any) given.notify_all();
  return any;
}

void WebhookSender::State::look(const std::stop_token& stop) {
  Signal::Waiter waiter(webhook_signal());
  while (!stop.stop_requested()) {
    bool found = hand_out();
    if (Result<> cleaned = clean(); !cleaned) {
      spdlog::warn("old deliveries stay: {}", cleaned.error().message);
    }
    waiter.wait(stop, found, look_interval);
  }
}

void WebhookSender::State::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex);
  while (given.wait(lock, stop, [&] { return !ready.empty(); })) {
    Turn turn = ready.front();
    ready.pop_front();
    lock.unlock();
    Result<bool> more = true;
    for (int i = 0; i < deliveries_a_turn && more && *more && !stop.stop_requested(); i++) {
      more = send_next(turn);
    }
    if (!more) {
      spdlog::warn("a webhook waits: {}", more.error().message);
      // Not at once: what stands in the way may stand there for a while.
      std::mutex resting;
      std::unique_lock rest(resting);
      std::condition_variable_any().wait_for(rest, stop, look_interval, [] { return false; });
    }
    end(turn);
    webhook_signal().give();
    lock.lock();
  }
}

WebhookSender::WebhookSender(Database& database, const std::unique_ptr<Vault>& vault,
                             WebhookTransport transport)
    : state_(new State{.database = database, .vault = vault, .transport = std::move(transport)}) {}

WebhookSender::~WebhookSender() { stop(); }

void WebhookSender::start(std::size_t threads) {
  State* state = state_.get();
  ASSERT(state->threads.empty());
  state->thread_count = threads;
  for (std::size_t i = 0; i < threads; i++) {
    state->threads.emplace_back([state](const std::stop_token& stop) { state->work(stop); });
  }
  state->threads.emplace_back([state](const std::stop_token& stop) { state->look(stop); });
}

void WebhookSender::stop() {
  for (auto& thread : state_->threads) thread.request_stop();
  state_->threads.clear();  // Joins.
}

Result<> WebhookSender::send_all_due() {
  TRY(state_->clean());
  for (;;) {
    std::vector<Turn> due = TRY(state_->turns());
    if (due.empty()) return {};
    for (const Turn& turn : due) TRY(state_->send_next(turn));
  }
}

}  // namespace piggy
