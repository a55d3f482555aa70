#include "email/pool.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "base/assert.h"

namespace piggy {
namespace {

constexpr long connect_timeout_seconds = 10;
constexpr long send_timeout_seconds = 30;
// Mail servers hang up on who is silent for some minutes (RFC 5321, 4.5.3.2.7); we do before.
constexpr long idle_seconds_max = 60;
constexpr std::size_t words_max = 500;

std::string plain_words(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (out.size() == words_max) break;
    out += c >= ' ' && c <= '~' ? c : ' ';
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

// What a file may be called, of whatever a Message-ID may hold.
std::string file_name(std::string_view message_id) {
  std::string out;
  for (char c : message_id.substr(0, message_id.rfind('@'))) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == '-' || c == '_';
    out += plain ? std::string(1, c) : fmt::format("%{:02x}", static_cast<unsigned char>(c));
  }
  return out + ".eml";
}

// Written beside its place and moved there, so that who reads the folder sees whole files only.
Result<> write_file(const std::string& folder, const std::string& name,
                    const std::string& message) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  std::filesystem::path place = std::filesystem::path(folder) / name;
  std::filesystem::path beside = place;
  beside += ".part";
  {
    std::ofstream file(beside, std::ios::binary | std::ios::trunc);
    file << message;
    file.flush();
    if (!file) {
      return fail(ErrorCode::unavailable,
                  fmt::format("The e-mail cannot be written to {}.", beside.string()));
    }
  }
  std::filesystem::rename(beside, place, problem);
  if (problem) {
    return fail(ErrorCode::unavailable, fmt::format("The e-mail cannot be written to {}: {}.",
                                                    place.string(), problem.message()));
  }
  return {};
}

// What was said on a connection about one e-mail, as libcurl tells it: each command it sends, each
// line of a reply. From that alone is known how far it went.
struct Talk {
  enum class Stage { before, sender, recipient, data, message };

  std::string_view rest;  // Of the message.
  Stage stage = Stage::before;
  bool all_read = false;  // libcurl has all of the message: what ends it may have been sent.
  int reply = 0;          // The last one, to the stage at which it came.
  Stage replied_at = Stage::before;
  std::string words = {};
  bool quitting = false;

  void command(std::string_view line) {
    // Said when a connection is given up: an old one before this e-mail's, or this one after all.
    quitting = line.starts_with("QUIT");
    if (quitting) return;
    if (line.starts_with("MAIL ")) stage = Stage::sender;
    if (line.starts_with("RCPT ") && stage == Stage::sender) stage = Stage::recipient;
    if (line.starts_with("DATA") && stage == Stage::recipient) stage = Stage::data;
    reply = 0;
    words.clear();
  }

  void reply_line(std::string_view line) {
    if (std::exchange(quitting, false)) return;
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() < 3) return;
    int number = 0;
    for (char c : line.substr(0, 3)) {
      if (c < '0' || c > '9') return;
      number = number * 10 + (c - '0');
    }
    if (reply != number || replied_at != stage) words.clear();
    reply = number;
    replied_at = stage;
    if (words.size() < words_max) {
      std::string_view said =
          words.empty() ? line : line.substr(std::min<std::size_t>(4, line.size()));
      words += (words.empty() ? "" : " ") + plain_words(said);
    }
    if (number == 354 && stage == Stage::data) stage = Stage::message;
  }
};

int on_talk(CURL*, curl_infotype type, char* data, std::size_t size, void* pointer) {
  auto& talk = *static_cast<Talk*>(pointer);
  if (type == CURLINFO_HEADER_OUT) talk.command({data, size});
  if (type == CURLINFO_HEADER_IN) talk.reply_line({data, size});
  return 0;
}

std::size_t read_message(char* buffer, std::size_t size, std::size_t count, void* pointer) {
  auto& talk = *static_cast<Talk*>(pointer);
  std::size_t length = std::min(size * count, talk.rest.size());
  talk.rest.copy(buffer, length);
  talk.rest.remove_prefix(length);
  if (talk.rest.empty()) talk.all_read = true;
  return length;
}

HandoverAnswer verdict(const Talk& talk, CURLcode code, const char* problem) {
  if (code == CURLE_OK) {
    return {.result = Handover::taken, .words = plain_words(talk.words), .reply = talk.reply};
  }
  HandoverAnswer answer{.words = plain_words(talk.words),
                        .reply = talk.reply,
                        .about_recipient = talk.replied_at == Talk::Stage::recipient};
  // After 354 only the reply to the whole message counts.
  bool replied = talk.reply >= 400 && talk.replied_at == talk.stage;
  if (!replied) {
    answer.reply = 0;
    answer.about_recipient = false;
    answer.words = plain_words(*problem ? problem : curl_easy_strerror(code));
    answer.result = talk.all_read ? Handover::unknown : Handover::refused_for_now;
    return answer;
  }
  // 530, 534, 535, 538: who sends must sign in, or did so in vain.
  bool signing_in = talk.reply >= 530 && talk.reply <= 538;
  bool judged = talk.stage != Talk::Stage::before && !signing_in;
  answer.result =
      talk.reply >= 500 && judged ? Handover::refused_for_good : Handover::refused_for_now;
  return answer;
}

}  // namespace

// One handle, and within it one connection that is kept.
struct MailPool::Connection {
  Connection() : curl(curl_easy_init()) { ASSERT(curl); }
  Connection(const Connection&) = delete;
  ~Connection() { curl_easy_cleanup(curl); }

  CURL* curl;
};

// A connection for the time of one e-mail.
struct MailPool::Lease {
  explicit Lease(MailPool& of) : pool(of) {
    std::unique_lock lock(pool.mutex_);
    pool.free_.wait(lock, [&] { return pool.in_use_ < pool.options_.connections; });
    pool.in_use_++;
    if (pool.idle_.empty()) {
      connection = std::make_unique<Connection>();
    } else {
      connection = std::move(pool.idle_.back());
      pool.idle_.pop_back();
    }
  }
  Lease(const Lease&) = delete;
  ~Lease() {
    {
      std::lock_guard lock(pool.mutex_);
      pool.in_use_--;
      pool.idle_.push_back(std::move(connection));
    }
    pool.free_.notify_one();
  }

  MailPool& pool;
  std::unique_ptr<Connection> connection;
};

MailPool::MailPool(EmailOptions options) : options_(std::move(options)) {}

Result<std::unique_ptr<MailPool>> MailPool::open(EmailOptions options) {
  ASSERT(options.connections > 0);
  std::unique_ptr<MailPool> pool(new MailPool(std::move(options)));
  const DkimOptions& dkim = pool->options_.dkim;
  bool wanted = !dkim.domain.empty() || !dkim.selector.empty() || !dkim.key_file.empty();
  if (wanted) pool->signer_ = TRY(DkimSigner::open(dkim));
  return pool;
}

MailPool::~MailPool() { ASSERT(in_use_ == 0); }

Result<std::string> MailPool::compose(const Outgoing& outgoing) const {
  std::string message = TRY(email_message(outgoing.email, outgoing.stamp, outgoing.headers));
  if (!signer_) return message;
  std::string signature = TRY(signer_->signature(message, outgoing.stamp.date));
  return signature + message;
}

HandoverAnswer MailPool::hand_over(const Outgoing& given) {
  Outgoing outgoing = given;
  if (outgoing.email.from.empty()) outgoing.email.from = options_.from;
  auto message = compose(outgoing);
  if (!message) {
    bool wrong = message.error().code == ErrorCode::invalid;
    return {.result = wrong ? Handover::refused_for_good : Handover::refused_for_now,
            .words = plain_words(message.error().message)};
  }
  if (!options_.outbox_folder.empty()) {
    auto written =
        write_file(options_.outbox_folder, file_name(outgoing.stamp.message_id), *message);
    if (!written) {
      return {.result = Handover::refused_for_now, .words = plain_words(written.error().message)};
    }
  }
  if (options_.smtp_url.empty()) return {.result = Handover::taken};
  return send(address_in(outgoing.email.from), address_in(outgoing.email.to), *message);
}

HandoverAnswer MailPool::send(std::string_view from, std::string_view to,
                              std::string_view message) {
  Lease lease(*this);
  CURL* curl = lease.connection->curl;
  std::string sender = fmt::format("<{}>", from);
  std::unique_ptr<curl_slist, void (*)(curl_slist*)> recipients(
      curl_slist_append(nullptr, fmt::format("<{}>", to).c_str()), curl_slist_free_all);
  ASSERT(recipients);
  char problem[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl, CURLOPT_URL, options_.smtp_url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_TRY));
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, sender.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_message);
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);  // Signals belong to the program.
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect_timeout_seconds);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, send_timeout_seconds);
  curl_easy_setopt(curl, CURLOPT_MAXCONNECTS, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXAGE_CONN, idle_seconds_max);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, problem);
  curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);  // For the callback, which prints nothing.
  curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, on_talk);

  HandoverAnswer answer;
  for (bool again : {false, true}) {
    Talk talk{.rest = message};
    problem[0] = '\0';
    curl_easy_setopt(curl, CURLOPT_READDATA, &talk);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, &talk);
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, again ? 1L : 0L);
    CURLcode code = curl_easy_perform(curl);
    answer = verdict(talk, code, problem);
    long connects = 0;
    curl_easy_getinfo(curl, CURLINFO_NUM_CONNECTS, &connects);
    // 421: the server has closed it, be it for silence or after so many e-mails.
    bool gone =
        answer.result == Handover::refused_for_now && (answer.reply == 0 || answer.reply == 421);
    bool begun = talk.stage == Talk::Stage::message;
    if (!gone || begun || connects > 0) break;
  }
  // Nothing that ends with this call is left in the handle.
  curl_easy_reset(curl);
  return answer;
}

std::string message_id_of(std::string_view name, std::string_view from) {
  std::string_view sender = address_in(from);
  return fmt::format("{}@{}", name, sender.substr(std::min(sender.size(), sender.rfind('@') + 1)));
}

}  // namespace piggy
