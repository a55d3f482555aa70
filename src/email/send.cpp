#include "email/send.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <memory>

namespace piggy {
namespace {

constexpr long connect_timeout_seconds = 10;
constexpr long send_timeout_seconds = 30;

Email email_in(const Value& payload) {
  return {.from = std::string(payload.text_of("from")),
          .to = std::string(payload.text_of("to")),
          .subject = std::string(payload.text_of("subject")),
          .text = std::string(payload.text_of("text")),
          .html = std::string(payload.text_of("html"))};
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

// What libcurl reads the message from.
struct Source {
  std::string_view rest;
};

std::size_t read_source(char* buffer, std::size_t size, std::size_t count, void* pointer) {
  auto& source = *static_cast<Source*>(pointer);
  std::size_t length = std::min(size * count, source.rest.size());
  source.rest.copy(buffer, length);
  source.rest.remove_prefix(length);
  return length;
}

struct Recipients {
  explicit Recipients(const std::string& address)
      : list(curl_slist_append(nullptr, address.c_str())) {}
  Recipients(const Recipients&) = delete;
  ~Recipients() { curl_slist_free_all(list); }
  curl_slist* list;
};

SmtpOutcome hand_over(const std::string& url, std::string_view from, std::string_view to,
                      const std::string& message) {
  std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  Recipients recipients(fmt::format("<{}>", to));
  Source source{message};
  std::string sender = fmt::format("<{}>", from);
  char problem[CURL_ERROR_SIZE] = "";
  CURL* handle = curl.get();
  ASSERT(handle && recipients.list);
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(handle, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_TRY));
  curl_easy_setopt(handle, CURLOPT_MAIL_FROM, sender.c_str());
  curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients.list);
  curl_easy_setopt(handle, CURLOPT_READFUNCTION, read_source);
  curl_easy_setopt(handle, CURLOPT_READDATA, &source);
  curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);  // Signals belong to the program.
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, connect_timeout_seconds);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, send_timeout_seconds);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, problem);
  CURLcode code = curl_easy_perform(handle);
  if (code == CURLE_OK) return {.taken = true};
  SmtpOutcome outcome{.words = problem[0] ? problem : curl_easy_strerror(code)};
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &outcome.code);
  // Nothing of it is sent before the server has said 354, and what it says after that is final.
  bool begun = source.rest.size() < message.size();
  outcome.may_be_taken = begun && outcome.code < 400;
  return outcome;
}

}  // namespace

Result<> send_email(const EmailOptions& options, const Clock& clock, const JobRow& job) {
  return send_email(options, clock.now(), email_in(job.payload), to_string(job.uuid));
}

Result<> send_email(const EmailOptions& options, Time now, Email email, const std::string& name) {
  if (email.from.empty()) email.from = options.from;
  std::string_view sender = address_in(email.from);
  std::string_view domain = sender.substr(std::min(sender.size(), sender.rfind('@') + 1));
  EmailStamp stamp{.date = now, .message_id = fmt::format("{}@{}", name, domain)};
  std::string message = TRY(email_message(email, stamp));
  SmtpOutcome outcome = send_message(options, sender, address_in(email.to), message, name);
  if (outcome.taken) return {};
  return fail(ErrorCode::unavailable,
              fmt::format("The mail server did not take the e-mail: {}.", outcome.words));
}

SmtpOutcome send_message(const EmailOptions& options, std::string_view from, std::string_view to,
                         const std::string& message, const std::string& name) {
  if (!options.outbox_folder.empty()) {
    Result<> written = write_file(options.outbox_folder, name + ".eml", message);
    if (!written) return {.words = written.error().message};
  }
  if (options.smtp_url.empty()) return {.taken = true};
  return hand_over(options.smtp_url, from, to, message);
}

void add_email_jobs(Scheduler& scheduler, EmailOptions options) {
  scheduler.handle_outside(send_email_job, [options = std::move(options)](const JobRow& job) {
    return send_email(options, SystemClock(), job);
  });
}

}  // namespace piggy
