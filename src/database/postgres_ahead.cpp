#include "database/postgres_ahead.h"

#include <cctype>
#include <cstring>

namespace piggy {
namespace {

bool is_word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

template <class T>
void append_bytes(std::string& out, const T& number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void append_key(std::string& out, const Parameter& parameter) {
  const auto& data = parameter.data();
  out += static_cast<char>(data.index());
  if (const auto* integer = std::get_if<std::int64_t>(&data)) return append_bytes(out, *integer);
  if (const auto* number = std::get_if<double>(&data)) return append_bytes(out, *number);
  const auto* bytes = std::get_if<Bytes>(&data);
  std::string_view text = bytes ? bytes->data : parameter.text();
  append_bytes(out, text.size());
  out += text;
}

// The table that a statement writes: "UPDATE voucher SET …", "DELETE FROM …", and "INSERT INTO …",
// also when it goes on with "ON CONFLICT … DO UPDATE SET …": what stands first counts.
std::string_view table_written_by(std::string_view sql) {
  std::size_t first = sql.npos;
  std::string_view name;
  for (std::string_view word : {"UPDATE ", "INSERT INTO ", "DELETE FROM "}) {
    std::size_t at = sql.find(word);
    if (at >= first) continue;
    first = at;
    name = sql.substr(at + word.size());
  }
  std::size_t length = 0;
  while (length < name.size() && is_word_character(name[length])) length++;
  return name.substr(0, length);
}

}  // namespace

bool names_word(std::string_view sql, std::string_view word) {
  for (std::size_t at = sql.find(word); at != sql.npos; at = sql.find(word, at + 1)) {
    std::size_t end = at + word.size();
    bool starts = at == 0 || !is_word_character(sql[at - 1]);
    bool ends = end == sql.size() || !is_word_character(sql[end]);
    if (starts && ends) return true;
  }
  return false;
}

const PostgresAhead::Answer* PostgresAhead::find(const Statement& statement,
                                                 std::span<const Parameter> parameters) {
  key_.clear();
  append_bytes(key_, &statement);
  for (const Parameter& parameter : parameters) append_key(key_, parameter);
  auto found = answers_.find(key_);
  return found == answers_.end() ? nullptr : &found->second;
}

void PostgresAhead::add(const Statement& statement, std::shared_ptr<Rows> rows, bool settled) {
  answers_[key_] = {.statement = &statement, .rows = std::move(rows), .settled = settled};
}

void PostgresAhead::changed_by(std::string_view sql) {
  if (answers_.empty()) return;
  std::string_view table = table_written_by(sql);
  for (auto& [key, answer] : answers_) {
    if (table.empty() || names_word(answer.statement->sql, table)) answer.stale = true;
  }
}

void PostgresAhead::appended_to(std::string_view table) {
  for (auto& [key, answer] : answers_) {
    if (!answer.settled && names_word(answer.statement->sql, table)) answer.stale = true;
  }
}

}  // namespace piggy
