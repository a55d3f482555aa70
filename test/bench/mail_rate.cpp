// How fast mails leave: composed, signed and handed over by the engine's own pool to a mail server
// in this process that forgets them. For run.py.
//
//   piggy_mail_rate SECONDS CONNECTIONS none|rsa|ed25519
//
// Prints e-mails, seconds, and the processor's seconds of this process, server and all.

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "email/pool.h"
#include "email/test_mail_sink.h"

using namespace piggy;

namespace {

double now() {
  auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since).count();
}

double processor_seconds() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Outgoing campaign_mail(int number) {
  std::string html = "<html><body>";
  for (int i = 0; i < 40; i++) html += "<p>You have points waiting: come and spend some.</p>\n";
  return {.email = {.from = "Shop <shop@example.com>",
                    .to = fmt::format("contact-{}@example.org", number),
                    .subject = "Your points",
                    .text = "You have points waiting: come and spend some.\n",
                    .html = html + "</body></html>\n"},
          .stamp = {.date = SystemClock().now(),
                    .message_id = fmt::format("bench-{}@example.com", number)},
          .headers = {{"List-Unsubscribe", fmt::format("<https://example.com/m/u/{}>", number)},
                      {"List-Unsubscribe-Post", "List-Unsubscribe=One-Click"}}};
}

DkimOptions key_of(std::string_view kind) {
  if (kind == "none") return {};
  auto file = std::filesystem::temp_directory_path() / fmt::format("piggy-mail-rate-{}", getpid());
  std::ofstream(file) << make_dkim_key(kind == "rsa" ? DkimKeyKind::rsa : DkimKeyKind::ed25519);
  return {.domain = "example.com", .selector = "bench", .key_file = file.string()};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  double seconds = std::atof(argv[1]);
  int connections = std::atoi(argv[2]);
  DkimOptions key = key_of(argv[3]);
  MailSink sink(MailSink::usual_reply, false);
  auto pool = MailPool::open(
      {.smtp_url = sink.url(), .connections = static_cast<std::size_t>(connections), .dkim = key});
  if (!key.key_file.empty()) std::filesystem::remove(key.key_file);
  ASSERT(pool);

  std::atomic<int> next = 0, taken = 0;
  double started = now(), spent_before = processor_seconds();
  std::vector<std::thread> threads;
  for (int i = 0; i < connections; i++) {
    threads.emplace_back([&] {
      while (now() - started < seconds) {
        HandoverAnswer answer = (*pool)->hand_over(campaign_mail(next++));
        ASSERT(answer.result == Handover::taken);
        taken++;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  double spent = now() - started;
  ASSERT(taken == sink.taken());
  ASSERT(sink.connections() <= connections);
  fmt::print("{} {} {}\n", taken.load(), spent, processor_seconds() - spent_before);
  pool->reset();
  return 0;
}
