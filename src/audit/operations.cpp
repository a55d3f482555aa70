#include "audit/operations.h"

#include <fmt/format.h>

namespace piggy {
namespace {

constexpr std::int64_t limit_default = 50;
constexpr std::int64_t limit_max = 1'000;

constexpr std::string_view columns =
    "a.uuid, a.made_at, a.duration_us, a.door, a.person, a.persona_uuid, a.persona, a.operation, "
    "a.contact_uuid, a.outcome, a.price, a.approval_uuid, a.conversation_uuid, a.prompt, ";
constexpr std::string_view bodies = "a.arguments, a.response";
constexpr std::string_view no_bodies = "'null', 'null'";

// The newest call whose uuid is smaller. Ids and uuids grow together.
constexpr std::string_view select_id_before = R"sql(
  SELECT id FROM audit_call WHERE account_id = $1 AND uuid < $2 ORDER BY uuid DESC LIMIT 1
)sql";

constexpr std::string_view select_previous_of_contact = R"sql(
  SELECT previous_of_contact FROM audit_call
  WHERE account_id = $1 AND uuid = $2 AND contact_uuid = $3
)sql";

constexpr std::string_view payloads_scope = "audit:payloads";

// The conditions of a search, put together with their parameters; $1 is the account.
class Search {
 public:
  void where(std::string_view condition, Parameter value) {
    conditions_ += fmt::format(" AND {}{}", condition, parameter(std::move(value)));
  }
  // Calls about one contact, from this one on by the one before it, as long as they are after an
  // id. They come in the order in which they are found, so that no more are looked at than asked
  // for.
  void chain_from(std::int64_t newest, std::int64_t after) {
    std::string first = parameter(newest);
    std::string bound = parameter(after);
    with_ = fmt::format(
        "WITH RECURSIVE chain AS ("
        "SELECT * FROM audit_call WHERE account_id = $1 AND id = {} AND id > {} "
        "UNION ALL SELECT c.* FROM chain JOIN audit_call c "
        "ON c.account_id = $1 AND c.id = chain.previous_of_contact AND c.id > {}) ",
        first, bound, bound);
    from_ = "chain";
    order_ = {};
  }
  // One that an index by another column goes with.
  void order_by_id() { order_ = "ORDER BY a.id DESC"; }
  // Without what was sent and answered, which may be long.
  void leave_out_bodies() { bodies_ = no_bodies; }

  Result<std::vector<AuditCall>> run(Transaction& transaction, std::int64_t limit) const {
    std::string sql =
        with_ + fmt::format("SELECT {}{} FROM {} a WHERE a.account_id = $1{} {} LIMIT {}", columns,
                            bodies_, from_, conditions_, order_, limit);
    return transaction.all<AuditCall>(sql, parameters_);
  }

 private:
  std::string parameter(Parameter value) {
    parameters_.push_back(std::move(value));
    return fmt::format("${}", parameters_.size() + 1);
  }

  std::string with_ = {};
  std::string_view bodies_ = bodies;
  std::string from_ = "audit_call";
  std::string conditions_ = {};
  std::string order_ = "ORDER BY a.uuid DESC";
  std::vector<Parameter> parameters_ = {};
};

// The smallest uuid that is minted at this moment (RFC 9562, version 7).
Uuid first_uuid_at(Time time) {
  std::uint64_t milliseconds =
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, time.microseconds / 1000));
  Uuid uuid;
  for (int i = 0; i < 6; i++) {
    uuid.bytes[static_cast<std::size_t>(i)] =
        static_cast<std::uint8_t>(milliseconds >> (40 - 8 * i));
  }
  return uuid;
}

Result<std::int64_t> id_before(Transaction& transaction, const Uuid& uuid) {
  auto id = TRY(transaction.first<std::int64_t>(select_id_before, {uuid}));
  return id.value_or(0);
}

// Who goes on reading about a contact goes on from the call that was the last one seen.
Result<std::int64_t> beginning_of_chain(Transaction& transaction,
                                        const ListAuditCalls::Input& input) {
  if (input.before) {
    auto previous = TRY(transaction.first<std::int64_t>(select_previous_of_contact,
                                                        {*input.before, *input.contact_uuid}));
    if (previous) return *previous;
  }
  return newest_call_about(transaction, *input.contact_uuid);
}

void for_eyes_of(const Caller& caller, AuditCall& call) {
  if (caller.may(payloads_scope)) return;
  call.prompt = std::nullopt;
  call.arguments = nullptr;
  call.response = nullptr;
}

}  // namespace

void AuditCall::describe(Fields<AuditCall>& field) {
  field("uuid", &AuditCall::uuid, "The call.");
  field("made_at", &AuditCall::made_at, "When it was done.");
  field("duration_us", &AuditCall::duration_us, "How long it took, in microseconds.");
  field("door", &AuditCall::door, "How it came in.");
  field("person", &AuditCall::person, "Who was signed in or was acted for; empty for a program.");
  field("persona_uuid", &AuditCall::persona_uuid, "The persona that made it.");
  field("persona", &AuditCall::persona, "The persona's name at that time.");
  field("operation", &AuditCall::operation, "What was called.");
  field("contact_uuid", &AuditCall::contact_uuid, "The contact it was about.");
  field("outcome", &AuditCall::outcome,
        "done, refused (nothing changed), rehearsed (a dry run), waiting (for an approval) or "
        "replayed (a remembered answer).");
  field("price", &AuditCall::price, "What it cost, in plan credits.");
  field("approval_uuid", &AuditCall::approval_uuid, "The approval it needed.");
  field("conversation_uuid", &AuditCall::conversation_uuid, "The conversation it was part of.");
  field("prompt", &AuditCall::prompt, "The words that led to it.", {.untrusted = true});
  field("arguments", &AuditCall::arguments, "What was sent, without secrets.", {.untrusted = true});
  field("response", &AuditCall::response, "What was answered, without secrets.",
        {.untrusted = true});
}

void ListAuditCalls::Input::describe(Fields<Input>& field) {
  field("persona_uuid", &Input::persona_uuid, "Calls of this persona.");
  field("contact_uuid", &Input::contact_uuid, "Calls about this contact.");
  field("person", &Input::person, "Calls of, or on behalf of, who has this e-mail address.");
  field("operation", &Input::operation, "Calls of this operation.");
  field("outcome", &Input::outcome, "Calls that ended so.");
  field("door", &Input::door, "Calls that came in so.");
  field("made_at", &Input::made_at, "When they were made.");
  field("before", &Input::before, "Calls older than this one.");
  field("limit", &Input::limit, "How many at most: 50 unless said otherwise.",
        {.min = 1, .max = limit_max});
  field("brief", &Input::brief,
        "Whether arguments and responses are left out, which may be long: for a list of calls.");
}

Result<ListAuditCalls::Output> ListAuditCalls::run(Call& call, const Input& input) {
  Search search;
  Transaction& transaction = call.transaction;
  // The uuid is coarser than the moment: it finds the place, the moment decides.
  Uuid first = {};
  std::optional<Uuid> last = input.before;
  if (input.made_at) {
    constexpr std::int64_t far = std::int64_t{1} << 57;
    std::int64_t from = std::max(input.made_at->from().microseconds, -far);
    std::int64_t until = std::min(input.made_at->until().microseconds, far);
    first = first_uuid_at({from});
    Uuid end = first_uuid_at({until + 1000});
    last = last ? std::min(*last, end) : end;
    search.where("a.made_at >= ", from);
    search.where("a.made_at < ", until);
  }
  if (input.contact_uuid || input.persona_uuid) {
    // By ids, which their chain and their index go by, not by the uuids of another index.
    std::int64_t after = TRY(id_before(transaction, first));
    if (last) search.where("a.id <= ", TRY(id_before(transaction, *last)));
    if (input.contact_uuid) {
      search.where("a.contact_uuid = ", *input.contact_uuid);
      search.chain_from(TRY(beginning_of_chain(transaction, input)), after);
    } else {
      search.where("a.id > ", after);
      search.order_by_id();
    }
  } else {
    search.where("a.uuid >= ", first);
    if (last) search.where("a.uuid < ", *last);
  }
  if (input.persona_uuid) search.where("a.persona_uuid = ", *input.persona_uuid);
  if (input.person) search.where("a.person = ", *input.person);
  if (input.operation) search.where("a.operation = ", *input.operation);
  if (input.outcome) search.where("a.outcome = ", *input.outcome);
  if (input.door) search.where("a.door = ", *input.door);
  if (input.brief.value_or(false)) search.leave_out_bodies();
  Output output{.calls = TRY(search.run(transaction, input.limit.value_or(limit_default)))};
  for (AuditCall& found : output.calls) for_eyes_of(call.caller, found);
  return output;
}

Result<AuditCall> call_on_record(Transaction& transaction, const Uuid& uuid) {
  Search search;
  search.where("a.uuid = ", uuid);
  auto found = TRY(search.run(transaction, 1));
  if (found.empty()) return fail(ErrorCode::not_found, "There is no such call on record.");
  return std::move(found[0]);
}

Result<AuditCall> GetAuditCall::run(Call& call, const Input& input) {
  AuditCall found = TRY(call_on_record(call.transaction, input.call_uuid));
  for_eyes_of(call.caller, found);
  return found;
}

void add_audit_operations(Catalogue& catalogue) {
  catalogue.add<ListAuditCalls>();
  catalogue.add<GetAuditCall>();
}

}  // namespace piggy
