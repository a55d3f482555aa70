#include "audit/audit.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "audit/call_row.h"

namespace piggy {
namespace {

constexpr HotTable heads = {
    .select = R"sql(
      SELECT id, calls, head, head_hash FROM audit_head WHERE account_id = $1 AND id = $2
    )sql",
    .update = {.name = "audit_head",
               .columns = "account_id bigint, id bigint, calls bigint, head bigint, "
                          "head_hash bytea"}};

constexpr std::string_view insert_head = R"sql(
  INSERT INTO audit_head (account_id, id, calls, head, head_hash) VALUES ($1, $1, 0, 0, $2)
)sql";

constexpr AppendTable call_table = {
    "audit_call",
    "account_id bigint, id bigint, uuid bytea, made_at bigint, duration_us bigint, door text, "
    "person text, persona_uuid bytea, persona text, token_id bigint, operation text, "
    "contact_uuid bytea, previous_of_contact bigint, outcome text, price bigint, approval_uuid "
    "bytea, "
    "conversation_uuid bytea, prompt text, arguments text, response text, hash bytea"};

constexpr HotTable contacts = {
    .select = "SELECT id, newest FROM audit_contact WHERE account_id = $1 AND id = $2",
    .update = {.name = "audit_contact", .columns = "account_id bigint, id bigint, newest bigint"}};

constexpr std::string_view insert_contact = R"sql(
  INSERT INTO audit_contact (account_id, id, newest) VALUES ($1, $2, 0)
)sql";

constexpr std::string_view select_response = R"sql(
  SELECT response FROM audit_call WHERE account_id = $1 AND id = $2
)sql";

struct Head {
  std::int64_t id = 0;
  std::int64_t calls = 0;
  std::int64_t head = 0;
  Hash head_hash = {};
};

struct ContactRow {
  std::int64_t id = 0;
  std::int64_t newest = 0;
};

Result<ContactRow*> contact_in_play(Transaction& transaction, const Uuid& contact) {
  std::int64_t id = audit_contact_id(transaction.account(), contact);
  ContactRow* row = TRY(transaction.hot<ContactRow>(contacts, id));
  if (row || !transaction.writes()) return row;
  TRY(transaction.run(insert_contact, {id}));
  row = TRY(transaction.hot<ContactRow>(contacts, id));
  ASSERT(row);
  return row;
}

Result<Head*> head_in_play(Transaction& transaction) {
  Head* head = TRY(transaction.hot<Head>(heads, transaction.account()));
  if (head) return head;
  TRY(transaction.run(insert_head, {Hash{}}));
  head = TRY(transaction.hot<Head>(heads, transaction.account()));
  ASSERT(head);
  return head;
}

// Each part with its length, so that no two rows run into the same bytes.
class Parts {
 public:
  Parts(std::string& bytes, std::size_t start, std::size_t size_max) : bytes_(bytes) {
    if (bytes_.size() < start + size_max) bytes_.resize(2 * (start + size_max));
    end_ = bytes_.data() + start;
  }
  void add(const void* start, std::size_t size) {
    if (size) std::memcpy(end_, start, size);  // Nothing may be at no place.
    end_ += size;
  }
  void number(std::int64_t number) { add(&number, sizeof number); }
  void text(std::string_view text) {
    number(static_cast<std::int64_t>(text.size()));
    add(text.data(), text.size());
  }
  void uuid(const std::optional<Uuid>& uuid) {
    number(uuid.has_value());
    if (uuid) add(uuid->bytes.data(), uuid->bytes.size());
  }
  std::size_t end() const { return static_cast<std::size_t>(end_ - bytes_.data()); }

 private:
  std::string& bytes_;
  char* end_ = nullptr;
};

// Beside its texts: the hash before it, 20 numbers or lengths, 5 uuids.
constexpr std::size_t row_bytes_without_texts = sizeof(Hash) + 20 * 8 + 5 * sizeof(Uuid);

}  // namespace

std::size_t write_hashed(const CallRow& row, const Hash& previous, std::string& bytes,
                         std::size_t start) {
  std::size_t texts = row.door.size() + row.person.size() + row.persona.size() +
                      row.operation.size() + row.outcome.size() + row.prompt.size() +
                      row.arguments.size() + row.response.size();
  Parts parts(bytes, start, row_bytes_without_texts + texts);
  parts.add(previous.data(), previous.size());
  parts.number(row.id);
  parts.uuid(row.uuid);
  parts.number(row.made_at.microseconds);
  parts.number(row.duration_us);
  parts.text(row.door);
  parts.text(row.person);
  parts.uuid(row.persona_uuid);
  parts.text(row.persona);
  parts.number(row.token_id);
  parts.text(row.operation);
  parts.uuid(row.contact_uuid);
  parts.number(row.previous_of_contact);
  parts.text(row.outcome);
  parts.number(row.price);
  parts.uuid(row.approval_uuid);
  parts.uuid(row.conversation_uuid);
  parts.text(row.prompt);
  parts.text(row.arguments);
  parts.text(row.response);
  ASSERT(parts.end() <= bytes.size());
  return parts.end();
}

Hash hash_of(const CallRow& row, const Hash& previous, std::string& bytes) {
  std::size_t size = write_hashed(row, previous, bytes);
  Hash hash;
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     size, nullptr, 0);
  return hash;
}

Result<std::int64_t> record_call(Transaction& transaction, const CallRecord& record) {
  ASSERT(transaction.account() != 0);
  Head* head = TRY(head_in_play(transaction));
  CallRow call{.id = transaction.next_id(),
               .uuid = transaction.next_uuid(),
               .made_at = transaction.now(),
               .duration_us = record.duration_us,
               .door = word_of(record.door),
               .person = record.caller.person,
               .persona_uuid = record.persona_uuid,
               .persona = record.persona,
               .token_id = record.caller.token_id,
               .operation = record.operation,
               .contact_uuid = record.contact_uuid,
               .outcome = word_of(record.outcome),
               .price = record.price,
               .approval_uuid = record.approval_uuid,
               .conversation_uuid = record.conversation_uuid,
               .prompt = record.prompt,
               .arguments = record.arguments,
               .response = record.response};
  if (call.contact_uuid) {
    ContactRow* contact = TRY(contact_in_play(transaction, *call.contact_uuid));
    call.previous_of_contact = std::exchange(contact->newest, call.id);
  }
  std::string bytes;
  call.hash = hash_of(call, head->head_hash, bytes);
  TRY(transaction.append(
      call_table, {call.id,       call.uuid,      call.made_at,       call.duration_us,
                   call.door,     call.person,    call.persona_uuid,  call.persona,
                   call.token_id, call.operation, call.contact_uuid,  call.previous_of_contact,
                   call.outcome,  call.price,     call.approval_uuid, call.conversation_uuid,
                   call.prompt,   call.arguments, call.response,      call.hash}));
  head->calls++;
  head->head = call.id;
  head->head_hash = call.hash;
  return call.id;
}

// Of no uuid alone: in SQLite a row of one account must not take the place of another's.
std::int64_t audit_contact_id(std::int64_t account, const Uuid& contact) {
  std::int64_t id = 0;
  crypto_generichash_state state;
  std::uint8_t bytes[crypto_generichash_BYTES_MIN];
  crypto_generichash_init(&state, nullptr, 0, sizeof bytes);
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&account),
                            sizeof account);
  crypto_generichash_update(&state, contact.bytes.data(), contact.bytes.size());
  crypto_generichash_final(&state, bytes, sizeof bytes);
  std::memcpy(&id, bytes, sizeof id);
  return id & std::numeric_limits<std::int64_t>::max();
}

Result<std::int64_t> newest_call_about(Transaction& transaction, const Uuid& contact) {
  ContactRow* row = TRY(contact_in_play(transaction, contact));
  return row ? row->newest : 0;
}

Result<std::string> response_of_call(Transaction& transaction, std::int64_t id) {
  auto response = TRY(transaction.first_settled<std::string>(select_response, {id}));
  return std::move(response).value_or("");
}

bool holds_a_secret(const Shape& shape) {
  if (shape.element) return holds_a_secret(*shape.element);
  return std::ranges::any_of(shape.fields, [](const Field& field) {
    return field.options.format == Format::secret || holds_a_secret(*field.shape);
  });
}

Value without_secrets(const Shape& shape, Value value) {
  if (shape.element) {
    if (Value::List* items = value.items(); items && shape.kind == Kind::list) {
      for (Value& item : *items) item = without_secrets(*shape.element, std::move(item));
      return value;
    }
    return without_secrets(*shape.element, std::move(value));
  }
  Value::Object* members = value.members();
  if (shape.kind != Kind::record || !members) return value;
  auto spread = std::ranges::find_if(shape.fields, [](const Field& f) { return f.options.flat; });
  bool all_secret = spread != shape.fields.end() && spread->options.format == Format::secret;
  for (Member& member : *members) {
    const Field* field = shape.field(member.name);
    if (!field) {
      if (spread == shape.fields.end()) member.value = "(unknown name)";
      if (all_secret) member.value = "(secret)";
    } else if (field->options.format == Format::secret) {
      if (!member.value.is_null()) member.value = "(secret)";
    } else {
      member.value = without_secrets(*field->shape, std::move(member.value));
    }
  }
  return value;
}

std::optional<Uuid> contact_in(const Value& arguments, const Shape& output, const void* answer) {
  if (auto said = parse_uuid(arguments.text_of("contact_uuid"))) return said;
  if (!answer) return std::nullopt;
  const Field* field = output.field("contact");
  const Shape* shape = field ? field->shape : nullptr;
  const void* contact = field ? field->in(answer) : nullptr;
  if (shape && shape->kind == Kind::optional) {
    if (shape->count(contact) == 0) return std::nullopt;
    contact = shape->at(contact, 0);
    shape = shape->element;
  }
  const Field* uuid = shape ? shape->field("uuid") : output.field("contact_uuid");
  if (!shape) contact = answer;
  if (!uuid || uuid->shape != &shape_of<Uuid>()) return std::nullopt;
  return *static_cast<const Uuid*>(uuid->in(contact));
}

}  // namespace piggy
