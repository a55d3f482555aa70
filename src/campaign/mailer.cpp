#include "campaign/mailer.h"

#include <fmt/format.h>
#include "base/log.h"

#include <map>
#include <mutex>
#include <thread>

#include "activity/activity.h"
#include "campaign/compose.h"
#include "campaign/mail_event.h"
#include "campaign/mail_token.h"
#include "event/signal.h"

namespace piggy {
namespace {

constexpr std::int64_t lot_size = 20;
constexpr std::int64_t first_pause = 60 * microseconds_per_second;
constexpr std::int64_t longest_pause = 6 * 3600 * microseconds_per_second;
constexpr std::chrono::seconds look_interval{1};

constexpr std::string_view select_due = R"sql(
  SELECT account_id, uuid FROM send WHERE state = 'queued' AND due_at <= $1
  ORDER BY due_at, id LIMIT $2
)sql";

constexpr std::string_view mark_sending = R"sql(
  UPDATE send SET state = 'sending', attempts = attempts + 1, message = $3
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view mark_done = R"sql(
  UPDATE send SET state = $3, reason = $4, done_at = $5 WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view mark_again = R"sql(
  UPDATE send SET state = 'queued', reason = $3, due_at = $4 WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view mark_left = R"sql(
  UPDATE send SET state = 'unknown', reason = 'interrupted', done_at = $1 WHERE state = 'sending'
)sql";

struct Due {
  std::int64_t account_id = 0;
  Uuid uuid = {};
};

// One message under way.
struct UnderWay {
  SendRow send = {};
  Outgoing mail = {};
  HandoverAnswer outcome = {};
};

std::int64_t pause_after(std::int64_t attempts, Random& random) {
  std::int64_t pause = first_pause;
  for (std::int64_t i = 1; i < attempts && pause < longest_pause; i++) pause *= 5;
  pause = std::min(pause, longest_pause);
  return pause + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(pause / 4)));
}

// Decides once more whether it may be sent, and marks it. Nothing when it must not be.
Result<std::optional<UnderWay>> take(Transaction& transaction, const Caller& caller,
                                     const Settings& settings, const Uuid& uuid) {
  auto send = TRY(send_by_uuid(transaction, uuid));
  Time now = transaction.now();
  if (!send || send->state != SendState::queued || send->due_at > now) return std::nullopt;
  SubscriptionType purpose = TRY(purpose_of(transaction, send->subscription_type_id));
  auto recipients = TRY(mail_recipients(transaction, {send->contact_id}, purpose));
  std::string reason = recipients.empty() ? "deleted" : recipients.front().reason;
  if (!reason.empty()) {
    TRY(transaction.run(mark_done, {send->id, SendState::suppressed, reason, now}));
    return std::nullopt;
  }
  MailTemplateRow mail_template = TRY(mail_template_by_id(transaction, send->template_id));
  MailParts parts = TRY(mail_parts(transaction, mail_template, send->contact_id, purpose.name));
  parts.voucher_code = send->voucher_code;
  parts.send = send->uuid;
  parts.send_key = send->key;
  TRY(transaction.run(mark_sending, {send->id, message_of(caller, send->key)}));
  send->attempts++;
  ComposedMail mail = compose(caller, settings, parts);
  std::string_view from = address_in(mail.email.from);
  std::string_view domain = from.substr(std::min(from.size(), from.rfind('@') + 1));
  std::string message_id = fmt::format("{}@{}", mail.message_name, domain);
  return UnderWay{.send = *std::move(send),
                  .mail = {.email = std::move(mail.email),
                           .stamp = {.date = now, .message_id = std::move(message_id)},
                           .headers = std::move(mail.headers)}};
}

// What became of one.
Result<> mark(Transaction& transaction, const UnderWay& one) {
  Time now = transaction.now();
  const SendRow& send = one.send;
  switch (one.outcome.result) {
    case Handover::taken: {
      TRY(transaction.run(mark_done, {send.id, SendState::sent, "", now}));
      ContactRow contact = TRY(contact_by_id(transaction, send.contact_id));
      return record_activity(transaction, contact,
                             {.kind = ActivityKind::mail_sent, .source = send.source});
    }
    case Handover::refused_for_good: {
      bool no_mailbox =
          says_no_mailbox(one.outcome.words) ||
          (one.outcome.about_recipient && (one.outcome.reply == 550 || one.outcome.reply == 553));
      TRY(transaction.run(
          mark_done, {send.id, SendState::failed, no_mailbox ? "hard_bounce" : "refused", now}));
      if (no_mailbox) {
        TRY(record_mail_event(transaction, send, {MailEventKind::bounced_hard, one.outcome.words}));
      }
      return {};
    }
    case Handover::refused_for_now: {
      if (send.attempts >= mail_attempts_max) {
        TRY(transaction.run(mark_done, {send.id, SendState::failed, "given_up", now}));
        return {};
      }
      Time again = now + pause_after(send.attempts, transaction.random());
      TRY(transaction.run(mark_again, {send.id, "refused_for_now", again}));
      return {};
    }
    case Handover::unknown:
      TRY(transaction.run(mark_done, {send.id, SendState::unknown, "connection_lost", now}));
      return {};
  }
  return {};
}

}  // namespace

struct Mailer::State {
  Database& database;
  Callers& callers;
  const Settings& settings;
  MailTransport transport;
  std::mutex taking = {};  // So that two threads do not look at the same lot.
  std::vector<std::jthread> threads = {};

  // The next lot, of one account. `found`: whether anything was due.
  Result<std::vector<UnderWay>> take_lot(std::int64_t& account_id, bool& found);
  void mark_lot(std::stop_token stop, std::int64_t account_id, const std::vector<UnderWay>& lot);
  // Whether there was anything to do.
  Result<bool> send_lot(std::stop_token stop);
};

Result<std::vector<UnderWay>> Mailer::State::take_lot(std::int64_t& account_id, bool& found) {
  std::lock_guard lock(taking);
  std::vector<Due> due;
  TRY(database.read(0, [&](Transaction& transaction) -> Result<> {
    due = TRY(transaction.all<Due>(select_due, {transaction.now(), lot_size}));
    return {};
  }));
  found = !due.empty();
  std::vector<UnderWay> lot;
  if (due.empty()) return lot;
  account_id = due.front().account_id;
  std::erase_if(due, [&](const Due& one) { return one.account_id != account_id; });
  auto caller = TRY(callers.by_account(account_id));
  TRY(database.write(account_id, [&](Transaction& transaction) -> Result<> {
    lot.clear();
    for (const Due& one : due) {
      auto taken = TRY(take(transaction, *caller, settings, one.uuid));
      if (taken) lot.push_back(*std::move(taken));
    }
    return {};
  }));
  return lot;
}

// What has left must be marked, so that this is tried until the store takes it. What is not when
// the program ends is `unknown` when it starts again.
void Mailer::State::mark_lot(std::stop_token stop, std::int64_t account_id,
                             const std::vector<UnderWay>& lot) {
  for (;;) {
    Result<> marked = database.write(account_id, [&](Transaction& transaction) -> Result<> {
      for (const UnderWay& one : lot) TRY(mark(transaction, one));
      return {};
    });
    if (marked) return;
    spdlog::warn("what became of {} mails cannot be written down yet: {}", lot.size(),
                 marked.error().message);
    if (stop.stop_requested()) return;
    std::this_thread::sleep_for(look_interval);
  }
}

Result<bool> Mailer::State::send_lot(std::stop_token stop) {
  bool found = false;
  std::int64_t account_id = 0;
  std::vector<UnderWay> lot = TRY(take_lot(account_id, found));
  if (lot.empty()) return found;
  for (UnderWay& one : lot) {
    one.outcome = transport(one.mail);
    if (one.outcome.result != Handover::taken) {
      spdlog::warn("mail {} was not taken ({}): {}", to_string(one.send.uuid),
                   word_of(one.outcome.result), one.outcome.words);
    }
  }
  mark_lot(stop, account_id, lot);
  return true;
}

Mailer::Mailer(Database& database, Callers& callers, const Settings& settings,
               MailTransport transport)
    : state_(new State{.database = database,
                       .callers = callers,
                       .settings = settings,
                       .transport = std::move(transport)}) {}

Mailer::~Mailer() { stop(); }

Result<> Mailer::take_over() {
  ASSERT(state_->threads.empty());
  return state_->database.write(0, [](Transaction& transaction) -> Result<> {
    TRY(transaction.run(mark_left, {transaction.now()}));
    return {};
  });
}

void Mailer::start(std::size_t threads) {
  ASSERT(state_->threads.empty());
  for (std::size_t i = 0; i < threads; i++) {
    state_->threads.emplace_back([state = state_.get()](std::stop_token stop) {
      Signal::Waiter waiter(send_signal());
      while (!stop.stop_requested()) {
        auto sent = state->send_lot(stop);
        if (!sent) spdlog::warn("mails wait: {}", sent.error().message);
        if (sent && *sent) continue;
        waiter.wait(stop, false, look_interval);
      }
    });
  }
}

void Mailer::stop() {
  for (std::jthread& thread : state_->threads) thread.request_stop();
  state_->threads.clear();  // Joins.
}

Result<> Mailer::send_all_due() {
  while (TRY(state_->send_lot({}))) continue;
  return {};
}

}  // namespace piggy
