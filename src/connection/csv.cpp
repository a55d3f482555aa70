#include "connection/csv.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/hex.h"
#include "shape/json.h"

namespace piggy {
namespace {

constexpr ConnectorInfo about_csv = {
    .name = "csv",
    .title = "CSV files",
    .about =
        "Audiences as CSV files in the data directory of this installation, each with a manifest "
        "of its rows and its SHA-256. A list is whatever you call it."};

constexpr std::string_view header = "email,contact_uuid\r\n";
constexpr std::size_t folder_bytes = 8;

std::unexpected<Error> not_written(const std::string& what) {
  return fail(ErrorCode::unavailable, fmt::format("The file {} cannot be written.", what));
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

// Replaced as a whole, and there after a crash.
Result<> write_whole(const std::string& path, std::string_view content) {
  std::string draft = path + ".new";
  int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return not_written(path);
  bool fine = true;
  while (fine && !content.empty()) {
    ssize_t written = ::write(file, content.data(), content.size());
    fine = written > 0;
    if (fine) content.remove_prefix(static_cast<std::size_t>(written));
  }
  fine = ::fsync(file) == 0 && fine;
  ::close(file);
  if (!fine || ::rename(draft.c_str(), path.c_str()) != 0) return not_written(path);
  return {};
}

// Who opens the file in a spreadsheet must not run what an address says.
bool is_formula(std::string_view email) {
  return std::string_view("=+-@").find(email.front()) != std::string_view::npos;
}

bool is_cell(std::string_view email) {
  return !email.empty() && std::ranges::none_of(email, [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == ',' || c == 0x7f;
  });
}

}  // namespace

Csv::Csv(std::string folder, const Clock& clock) : folder_(std::move(folder)), clock_(clock) {
  add_audience_tools();
}

const ConnectorInfo& Csv::info() const { return about_csv; }

Result<> Csv::may_be(const Reach& reach) const {
  std::vector<FieldError> problems;
  if (!reach.key.empty()) problems.push_back({"/key", "This must be left out: files need no key."});
  if (!reach.base_url.empty()) {
    problems.push_back({"/base_url", "This must be left out: the folder is given by itself."});
  }
  if (problems.empty()) return {};
  return fail_fields(std::move(problems));
}

Result<Whose> Csv::check(const Reach& reach) {
  std::string folder(reach.settings.text_of("folder"));
  if (folder.empty()) {
    unsigned char bytes[folder_bytes];
    randombytes_buf(bytes, sizeof bytes);
    folder = to_hex(bytes);
  }
  return Whose{.name = "audiences/" + folder,
               .settings = Value::object({{"account", ""}, {"folder", folder}})};
}

std::string Csv::wrong_with_list(std::string_view list) const {
  return is_name(list) ? "" : "A list's name is of at most 64 of a to z, 0 to 9, - and _.";
}

Result<std::string> Csv::folder_of(const Reach& reach) const {
  std::string name(reach.settings.text_of("folder"));
  ASSERT(is_name(name));
  std::string folder = folder_ + "/" + name;
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem) return not_written(folder);
  return folder;
}

Result<Csv::Members> Csv::members(const std::string& folder, const std::string& list) const {
  Members members;
  std::ifstream file(folder + "/" + list + ".csv", std::ios::binary);
  std::string line;
  for (bool first = true; std::getline(file, line); first = false) {
    if (first) continue;
    if (line.ends_with('\r')) line.pop_back();
    std::size_t comma = line.find(',');
    if (comma == std::string::npos) continue;
    members.insert({.email = line.substr(0, comma), .id = line.substr(comma + 1)});
  }
  if (file.bad()) return not_written(list + ".csv");
  return members;
}

Result<> Csv::keep(const std::string& folder, const std::string& list,
                   const Members& members) const {
  std::string content(header);
  for (const AudienceMember& member : members) {
    content += member.email + "," + member.id + "\r\n";
  }
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(content.data()),
                     content.size());
  TRY(write_whole(folder + "/" + list + ".csv", content));
  Value manifest = Value::object({{"file", list + ".csv"},
                                  {"rows", static_cast<std::int64_t>(members.size())},
                                  {"sha256", to_hex(digest)},
                                  {"written_at", to_atom(clock_.now())}});
  return write_whole(folder + "/" + list + ".manifest.json", to_json(manifest) + "\n");
}

Result<std::vector<AudienceList>> Csv::lists(const Reach& reach) {
  std::string folder = TRY(folder_of(reach));
  std::lock_guard lock(mutex_);
  std::vector<AudienceList> lists;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(folder, problem)) {
    std::string name = entry.path().stem().string();
    if (entry.path().extension() != ".csv" || !is_name(name)) continue;
    lists.push_back({.id = name,
                     .name = name,
                     .members = static_cast<std::int64_t>(TRY(members(folder, name)).size())});
  }
  std::ranges::sort(lists, {}, &AudienceList::id);
  return lists;
}

Result<std::int64_t> Csv::count(const Reach& reach, const std::string& list) {
  std::string folder = TRY(folder_of(reach));
  std::lock_guard lock(mutex_);
  return static_cast<std::int64_t>(TRY(members(folder, list)).size());
}

Result<AudienceConnector::Refusals> Csv::push(const Reach& reach, const std::string& list,
                                              std::span<const AudienceMember> entered,
                                              std::span<const AudienceMember> left,
                                              std::string_view) {
  std::string folder = TRY(folder_of(reach));
  std::lock_guard lock(mutex_);
  Members there = TRY(members(folder, list));
  Refusals refusals;
  for (const AudienceMember& member : entered) {
    if (!is_cell(member.email)) {
      refusals.push_back({member.email, "This address cannot stand in a CSV file as it is."});
    } else if (is_formula(member.email)) {
      refusals.push_back({member.email, "A spreadsheet would take this address for a formula."});
    } else {
      there.erase(member);
      there.insert(member);
    }
  }
  for (const AudienceMember& member : left) there.erase(member);
  TRY(keep(folder, list, there));
  return refusals;
}

}  // namespace piggy
