#include "erasure/request.h"

#include <fmt/format.h>

#include <chrono>

#include "database/conditions.h"
#include "event/event.h"

namespace piggy {
namespace {

constexpr std::string_view insert_request = R"sql(
  INSERT INTO erasure_request (account_id, id, uuid, contact_id, state, channel, note, filed_by,
                               asked_at, due_on, decided_by, reason)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '')
)sql";

constexpr std::string_view select_where = R"sql(
  SELECT id, uuid, contact_id, state, channel, note, filed_by, asked_at, due_on, decided_at,
         decided_by, reason, done_at
  FROM erasure_request WHERE account_id = $1{}
)sql";

constexpr std::string_view that_waits = " AND state IN ('open', 'accepted') AND contact_id = $2";

constexpr std::string_view update_decided = R"sql(
  UPDATE erasure_request SET state = $3, decided_at = $4, decided_by = $5, reason = $6
  WHERE account_id = $1 AND id = $2 AND state = 'open'
)sql";

constexpr std::string_view update_done = R"sql(
  UPDATE erasure_request SET state = 'done', done_at = $3, decided_at = coalesce(decided_at, $3)
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view forget_person = R"sql(
  UPDATE erasure_request SET contact_id = NULL, note = '', reason = ''
  WHERE account_id = $1 AND contact_id = $2
)sql";

constexpr std::string_view withdraw_of_two = R"sql(
  UPDATE erasure_request SET state = 'withdrawn', decided_at = $4
  WHERE account_id = $1 AND contact_id = $2 AND state IN ('open', 'accepted') AND EXISTS (
    SELECT 1 FROM erasure_request other
    WHERE other.account_id = $1 AND other.contact_id = $3 AND other.state IN ('open', 'accepted'))
)sql";

constexpr std::string_view move_rows = R"sql(
  UPDATE erasure_request SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";

std::chrono::year_month_day calendar(const Date& date) {
  return std::chrono::year{date.year} / std::chrono::month{date.month} / std::chrono::day{date.day};
}

template <class P>
Result<std::optional<ErasureRequestRow>> request_where(Transaction& transaction,
                                                       std::string_view condition,
                                                       const P& parameter) {
  return transaction.first<ErasureRequestRow>(fmt::format(fmt::runtime(select_where), condition),
                                              {parameter});
}

// Of the contact as long as there is one, so that its erasure empties this as well.
Result<> tell(Transaction& transaction, std::string_view type, const ErasureRequestRow& request,
              const Uuid& subject) {
  Value about = Value::object(
      {{"uuid", to_string(request.uuid)}, {"state", std::string(word_of(request.state))}});
  return emit(transaction, type, subject, Value::object({{"erasure_request", std::move(about)}}));
}

}  // namespace

Date month_after(const Date& date) {
  std::chrono::year_month_day next = calendar(date) + std::chrono::months{1};
  if (!next.ok()) next = next.year() / next.month() / std::chrono::last;
  return {.year = static_cast<int>(next.year()),
          .month = static_cast<unsigned>(next.month()),
          .day = static_cast<unsigned>(next.day())};
}

std::int64_t days_until(const Date& date, const Date& today) {
  return (std::chrono::sys_days{calendar(date)} - std::chrono::sys_days{calendar(today)}).count();
}

Result<ErasureRequestRow> add_erasure_request(Transaction& transaction,
                                              const NewErasureRequest& request) {
  if (TRY(request_where(transaction, that_waits, request.contact.id))) {
    return fail(ErrorCode::conflict, "This contact has asked for it already; that request waits.");
  }
  Date asked_on = local_date(request.asked_at, request.time_zone);
  ErasureRequestRow row = {.id = transaction.next_id(),
                           .uuid = transaction.next_uuid(),
                           .contact_id = request.contact.id,
                           .channel = request.channel,
                           .note = request.note,
                           .filed_by = request.filed_by,
                           .asked_at = request.asked_at,
                           .due_on = to_text(month_after(asked_on))};
  TRY(transaction.run(insert_request, {row.id, row.uuid, row.contact_id, row.state, row.channel,
                                       row.note, row.filed_by, row.asked_at, row.due_on}));
  TRY(tell(transaction, "erasure_requested", row, request.contact.uuid));
  return row;
}

Result<ErasureRequestRow> erasure_request_of(Transaction& transaction, const Uuid& uuid) {
  auto row = TRY(request_where(transaction, " AND uuid = $2", uuid));
  if (!row) return fail(ErrorCode::not_found, "There is no such erasure request.");
  return *std::move(row);
}

Result<std::optional<ErasureRequestRow>> last_erasure_request(Transaction& transaction,
                                                              std::int64_t contact_id) {
  return request_where(transaction,
                       " AND contact_id = $2 AND state <> 'withdrawn' ORDER BY id DESC LIMIT 1",
                       contact_id);
}

Result<std::vector<ErasureRequestRow>> erasure_requests_on(
    Transaction& transaction, const std::optional<ErasureState>& state,
    const std::optional<std::int64_t>& contact_id, Page& page) {
  bool waiting = state == ErasureState::open;
  std::string condition = waiting ? " AND state IN ('open', 'accepted')" : "";
  Conditions where;
  if (state && !waiting) where.add("AND state =", *state);
  if (contact_id) where.add("AND contact_id =", *contact_id);
  std::string count =
      "SELECT count(*) FROM erasure_request WHERE account_id = $1" + condition + where.text();
  page.total = TRY(transaction.all<std::int64_t>(count, where.parameters())).front();
  where.add(waiting ? "ORDER BY due_on, id LIMIT" : "ORDER BY id DESC LIMIT", page.limit);
  where.add("OFFSET", page.offset());
  return transaction.all<ErasureRequestRow>(
      fmt::format(fmt::runtime(select_where), condition + where.text()), where.parameters());
}

Result<> decide_erasure_request(Transaction& transaction, ErasureRequestRow& request,
                                const ErasureDecision& decision) {
  std::int64_t decided =
      TRY(transaction.run(update_decided, {request.id, decision.state, transaction.now(),
                                           decision.by, decision.reason}));
  if (decided == 0) {
    return fail(ErrorCode::conflict,
                fmt::format("This request is {} already.", word_of(request.state)));
  }
  request.state = decision.state;
  request.decided_at = transaction.now();
  request.decided_by = decision.by;
  request.reason = decision.reason;
  ContactRow contact = TRY(contact_by_id(transaction, *request.contact_id));
  return tell(transaction, "erasure_decided", request, contact.uuid);
}

Result<> move_erasure_requests(Transaction& transaction, const ContactRow& source,
                               const ContactRow& destination) {
  TRY(transaction.run(withdraw_of_two, {source.id, destination.id, transaction.now()}));
  TRY(transaction.run(move_rows, {source.id, destination.id}));
  return {};
}

Result<> finish_erasure_requests(Transaction& transaction, const ContactRow& contact) {
  auto waiting = TRY(request_where(transaction, that_waits, contact.id));
  if (waiting) {
    // Nobody accepted it: the contact was deleted without that, maybe keeping the log.
    if (waiting->state == ErasureState::open) {
      TRY(forget_named(transaction, contact.uuid, contact.id));
    }
    TRY(transaction.run(update_done, {waiting->id, transaction.now()}));
    waiting->state = ErasureState::done;
    TRY(tell(transaction, "erasure_done", *waiting, waiting->uuid));
  }
  TRY(transaction.run(forget_person, {contact.id}));
  return {};
}

}  // namespace piggy
