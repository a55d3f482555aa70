#include "app/bounce.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>
#include <vector>

#include "email/bounce.h"

namespace piggy {
namespace {

namespace fs = std::filesystem;

// The gravest comes first. A mail of ours has one recipient: a report that names many is about one
// mail all the same.
int rank(BounceKind kind) {
  switch (kind) {
    case BounceKind::complaint:
      return 0;
    case BounceKind::hard:
      return 1;
    case BounceKind::soft:
      return 2;
    case BounceKind::notice:
      break;
  }
  return 3;
}

std::string words_of(const Bounce& bounce) {
  std::string words = bounce.kind == BounceKind::complaint ? bounce.action : bounce.status;
  if (!bounce.words.empty()) words += (words.empty() ? "" : " ") + bounce.words;
  return words;
}

// As much as is looked at; the rest is read and forgotten, so that nobody's pipe breaks.
std::string read_message(std::istream& input) {
  std::string message(bounce_message_max, '\0');
  input.read(message.data(), static_cast<std::streamsize>(message.size()));
  message.resize(static_cast<std::size_t>(input.gcount()));
  input.ignore(std::numeric_limits<std::streamsize>::max());
  return message;
}

// A line with its end, or a part of one that is too long to be held at once.
bool take_piece(std::streambuf& input, std::string& piece) {
  constexpr std::size_t piece_max = 64 << 10;
  constexpr int none = std::streambuf::traits_type::eof();
  piece.clear();
  for (int c = input.sbumpc(); c != none; c = input.sbumpc()) {
    piece += static_cast<char>(c);
    if (c == '\n' || piece.size() == piece_max) break;
  }
  return !piece.empty();
}

bool may_pass(const Error& error) {
  return error.code != ErrorCode::not_found && error.code != ErrorCode::invalid &&
         error.code != ErrorCode::conflict;
}

Result<> tell_of(Backend& backend, const BounceCommand& command, std::string_view message,
                 std::string_view name) {
  std::string became = TRY(record_bounce_in(backend, command.account, message));
  fmt::print("{}{}{}\n", name, name.empty() ? "" : ": ", became);
  return {};
}

Result<> read_mailbox(Backend& backend, const BounceCommand& command) {
  std::ifstream file(command.mailbox, std::ios::binary);
  if (!file) {
    return fail(ErrorCode::not_found, fmt::format("{} cannot be read.", command.mailbox));
  }
  std::size_t number = 0;
  return each_message(file, [&](std::string_view message) {
    return tell_of(backend, command, message, fmt::format("message {}", ++number));
  });
}

// By the rules of Maildir: who has looked at a message moves it from `new` to `cur`, as seen.
Result<> read_maildir(Backend& backend, const BounceCommand& command) {
  fs::path fresh = fs::path(command.maildir) / "new", seen = fs::path(command.maildir) / "cur";
  std::error_code problem;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fresh, problem)) {
    // Whoever may write there must not have us open a device, or a file of ours.
    if (entry.symlink_status(problem).type() == fs::file_type::regular) {
      files.push_back(entry.path());
    }
  }
  if (problem || !fs::is_directory(seen, problem)) {
    return fail(ErrorCode::not_found, fmt::format("{} is no Maildir.", command.maildir));
  }
  std::ranges::sort(files);
  for (const fs::path& path : files) {
    std::string message;
    {
      std::ifstream file(path, std::ios::binary);
      if (!file) continue;  // Another reader was first.
      message = read_message(file);
    }
    TRY(tell_of(backend, command, message, path.filename().string()));
    fs::rename(path, seen / (path.filename().string() + ":2,S"), problem);
  }
  return {};
}

}  // namespace

Result<std::string> record_bounce_in(Backend& backend, const std::string& account,
                                     std::string_view message) {
  auto bounces = read_bounces(message);
  if (!bounces) return "left: " + bounces.error().message;
  auto gravest = std::ranges::min_element(*bounces, {},
                                          [](const Bounce& bounce) { return rank(bounce.kind); });
  if (gravest == bounces->end() || gravest->kind == BounceKind::notice) {
    return std::string("left: It tells of no mail that was lost.");
  }
  const Bounce& bounce = *gravest;
  if (bounce.message_id.empty()) {
    return std::string("left: It does not say which mail it is about.");
  }
  bool complaint = bounce.kind == BounceKind::complaint;
  Value input = Value::object({{"message_id", bounce.message_id}});
  if (!complaint) input.set("kind", word_of(bounce.kind));
  input.set(complaint ? "detail" : "diagnostic", words_of(bounce));
  auto answer =
      backend.call(complaint ? "record_complaint" : "record_bounce", input, {.account = account});
  std::string what = fmt::format(
      "{} of {}",
      complaint ? std::string("complaint") : fmt::format("{} bounce", word_of(bounce.kind)),
      bounce.message_id);
  if (answer) return fmt::format("recorded: {}", what);
  // Somebody else's mail, most likely. What cannot be done later either must not be in the way of
  // the messages behind it.
  if (may_pass(answer.error())) return std::unexpected(answer.error());
  return fmt::format("left: {}: {}", what, answer.error().message);
}

Result<> each_message(std::istream& mbox,
                      const std::function<Result<>(std::string_view)>& message) {
  std::string text, piece;
  bool inside = false, at_start = true, blank = true;
  while (take_piece(*mbox.rdbuf(), piece)) {
    if (at_start && blank && piece.starts_with("From ")) {
      if (inside) TRY(message(text));
      text.clear();
      inside = true;
    } else if (inside && text.size() < bounce_message_max) {
      text += piece;
    }
    blank = at_start && (piece == "\n" || piece == "\r\n");
    at_start = piece.ends_with('\n');
  }
  return inside ? message(text) : Result<>();
}

Result<int> record_bounce_mail(Backend& backend, const BounceCommand& command) {
  TRY(backend.call("get_account", Value::object(), {.account = command.account}));
  if (!command.mailbox.empty()) TRY(read_mailbox(backend, command));
  if (!command.maildir.empty()) TRY(read_maildir(backend, command));
  if (command.mailbox.empty() && command.maildir.empty()) {
    TRY(tell_of(backend, command, read_message(std::cin), ""));
  }
  return 0;
}

}  // namespace piggy
