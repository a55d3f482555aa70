#include "email/pool.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <set>
#include <thread>

#include "email/send.h"
#include "email/test_mail_sink.h"

namespace piggy {
namespace {

constexpr Time noon = {1'700'000'000 * microseconds_per_second};

Outgoing mail_to(std::string_view address, int number = 1) {
  return {.email = {.from = "Shop <shop@example.com>",
                    .to = std::string(address),
                    .subject = "Hello",
                    .text = fmt::format("Hello, number {}.", number)},
          .stamp = {.date = noon, .message_id = fmt::format("{}@example.com", number)}};
}

std::unique_ptr<MailPool> pool_to(const std::string& url, std::size_t connections = 1) {
  auto pool = MailPool::open({.smtp_url = url, .connections = connections});
  REQUIRE(pool);
  return *std::move(pool);
}

// Answers as usual but for the commands that begin so.
MailSink::Script but(std::string command, std::string reply) {
  return [command, reply](std::string_view given, int connection) {
    return given.starts_with(command) ? reply : MailSink::usual_reply(given, connection);
  };
}

TEST_CASE("many e-mails travel over one connection, whole") {
  MailSink sink;
  {
    auto pool = pool_to(sink.url());
    for (int i = 1; i <= 50; i++) {
      HandoverAnswer answer = pool->hand_over(mail_to("ann@example.com", i));
      REQUIRE(answer.result == Handover::taken);
      CHECK(answer.words == "250 2.0.0 taken");
      CHECK(answer.reply == 250);
    }
  }
  CHECK(sink.connections() == 1);
  auto messages = sink.messages();
  REQUIRE(messages.size() == 50);
  for (int i = 1; i <= 50; i++) {
    const Outgoing sent = mail_to("ann@example.com", i);
    CHECK(messages[static_cast<std::size_t>(i - 1)] == *email_message(sent.email, sent.stamp));
  }
}

TEST_CASE("threads share the connections, and there are never more than the bound") {
  MailSink sink;
  {
    auto pool = pool_to(sink.url(), 3);
    std::vector<std::thread> threads;
    std::atomic<int> taken = 0;
    for (int thread = 0; thread < 8; thread++) {
      threads.emplace_back([&, thread] {
        for (int i = 0; i < 25; i++) {
          auto answer = pool->hand_over(mail_to("ann@example.com", thread * 100 + i));
          taken += answer.result == Handover::taken;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(taken == 200);
  }
  CHECK(sink.connections() <= 3);
  CHECK(sink.most_at_a_time() <= 3);
  auto messages = sink.messages();
  CHECK(std::set(messages.begin(), messages.end()).size() == 200);
}

TEST_CASE("a refusal counts for good or for now by its number and by what it answered") {
  struct Example {
    std::string_view command, reply;
    Handover result;
    bool about_recipient = false;
  };
  for (const Example& example : {
           Example{"RCPT", "550 5.1.1 no such mailbox", Handover::refused_for_good, true},
           Example{"RCPT", "550-5.1.1 no\r\n550 such mailbox", Handover::refused_for_good, true},
           Example{"RCPT", "450 4.2.1 later", Handover::refused_for_now, true},
           Example{"MAIL", "553 5.1.8 not for you", Handover::refused_for_good},
           Example{"MAIL", "530 5.7.0 sign in", Handover::refused_for_now},
           Example{"DATA", "554 5.5.1 no", Handover::refused_for_good},
           Example{"DATA", "451 no", Handover::refused_for_now},
           Example{".", "554 5.7.1 spam", Handover::refused_for_good},
           Example{".", "452 4.3.1 full", Handover::refused_for_now},
           Example{"RCPT", "", Handover::refused_for_now},
           Example{"DATA", "", Handover::refused_for_now},
           Example{".", "", Handover::unknown},
       }) {
    CAPTURE(example.command);
    CAPTURE(example.reply);
    MailSink sink(but(std::string(example.command), std::string(example.reply)));
    auto pool = pool_to(sink.url());
    HandoverAnswer answer = pool->hand_over(mail_to("ann@example.com"));
    CHECK(answer.result == example.result);
    CHECK(answer.about_recipient == example.about_recipient);
    CHECK(!answer.words.empty());
    if (!example.reply.empty()) {
      CHECK(std::to_string(answer.reply) == example.reply.substr(0, 3));
      CHECK(answer.words.starts_with(example.reply.substr(0, 3)));
    } else {
      CHECK(answer.reply == 0);
    }
    CHECK(sink.taken() == 0);
  }
}

TEST_CASE("a server's words are one line of plain text, and not endless") {
  MailSink sink(but("RCPT", "550-5.1.1 no\x1b[2J\x01\r\n550 " + std::string(400, 'x')));
  MailSink endless(but("RCPT", "550-a\r\n550-b\r\n550 " + std::string(900, 'y')));
  auto answer = pool_to(sink.url())->hand_over(mail_to("ann@example.com"));
  CHECK(answer.words.starts_with("550-5.1.1 no [2J xxx"));
  answer = pool_to(endless.url())->hand_over(mail_to("ann@example.com"));
  CHECK(answer.words.size() <= 500);
  CHECK(answer.result == Handover::refused_for_good);
}

TEST_CASE("after a refusal the next e-mail is taken") {
  MailSink sink([](std::string_view command, int connection) {
    return command.contains("<bad@") ? std::string("550 no")
                                     : MailSink::usual_reply(command, connection);
  });
  auto pool = pool_to(sink.url());
  CHECK(pool->hand_over(mail_to("ann@example.com")).result == Handover::taken);
  CHECK(pool->hand_over(mail_to("bad@example.com")).result == Handover::refused_for_good);
  CHECK(pool->hand_over(mail_to("ann@example.com", 2)).result == Handover::taken);
  CHECK(sink.taken() == 2);
}

TEST_CASE("a kept connection that the server gave up is replaced, and nothing is sent twice") {
  for (std::string_view last_words : {"421 4.7.0 enough for one connection", ""}) {
    std::atomic<int> mails = 0;
    MailSink sink([&](std::string_view command, int connection) {
      bool second = command.starts_with("MAIL") && ++mails == 2;
      return second ? std::string(last_words) : MailSink::usual_reply(command, connection);
    });
    auto pool = pool_to(sink.url());
    CHECK(pool->hand_over(mail_to("ann@example.com")).result == Handover::taken);
    CHECK(pool->hand_over(mail_to("ann@example.com", 2)).result == Handover::taken);
    CHECK(sink.connections() == 2);
    CHECK(sink.taken() == 2);
  }
}

TEST_CASE("a message that was sent whole is never sent again by itself") {
  std::atomic<int> ends = 0;
  MailSink sink([&](std::string_view command, int connection) {
    bool second = command == "." && ++ends == 2;
    return second ? std::string() : MailSink::usual_reply(command, connection);
  });
  auto pool = pool_to(sink.url());
  CHECK(pool->hand_over(mail_to("ann@example.com")).result == Handover::taken);
  CHECK(pool->hand_over(mail_to("ann@example.com", 2)).result == Handover::unknown);
  CHECK(ends == 2);
}

TEST_CASE("a mail server that is not there refuses for now") {
  auto answer = pool_to("smtp://127.0.0.1:1")->hand_over(mail_to("ann@example.com"));
  CHECK(answer.result == Handover::refused_for_now);
  CHECK(!answer.words.empty());
}

TEST_CASE("an e-mail that cannot be written is refused for good, and nobody is connected to") {
  MailSink sink;
  auto pool = pool_to(sink.url());
  CHECK(pool->hand_over(mail_to("ann@example.com\r\nBcc: eve@example.com")).result ==
        Handover::refused_for_good);
  Outgoing outgoing = mail_to("ann@example.com");
  outgoing.headers = {{"Feedback-ID", "a\r\nBcc: eve@example.com"}};
  CHECK(pool->hand_over(outgoing).result == Handover::refused_for_good);
  CHECK(sink.connections() == 0);
}

TEST_CASE("with a key every e-mail is signed; a key that cannot be used is told at the start") {
  auto file = std::filesystem::temp_directory_path() / fmt::format("piggy-dkim-{}", getpid());
  std::string pem = make_dkim_key(DkimKeyKind::ed25519);
  FILE* out = std::fopen(file.c_str(), "w");
  REQUIRE(out);
  std::fputs(pem.c_str(), out);
  std::fclose(out);
  MailSink sink;
  EmailOptions options{.smtp_url = sink.url(), .dkim = {"example.com", "piggy", file.string()}};
  auto pool = MailPool::open(options);
  std::filesystem::remove(file);
  REQUIRE(pool);
  CHECK((*pool)->hand_over(mail_to("ann@example.com")).result == Handover::taken);
  REQUIRE(sink.messages().size() == 1);
  CHECK(sink.messages()[0].starts_with("DKIM-Signature: v=1; a=ed25519-sha256;"));

  CHECK(!MailPool::open(options));
  auto incomplete = MailPool::open({.dkim = {.selector = "piggy"}});
  REQUIRE(!incomplete);
  CHECK(incomplete.error().message.contains("domain"));
  CHECK(incomplete.error().message.contains("key"));
}

TEST_CASE("an e-mail is written to the outbox once, however often it is sent") {
  auto folder = std::filesystem::temp_directory_path() / fmt::format("piggy-outbox-{}", getpid());
  std::filesystem::remove_all(folder);
  ManualClock clock;
  JobRow job{.payload = Value::object({{"to", "ann@example.com"}, {"subject", "Hello"}})};

  auto pool = MailPool::open({.outbox_folder = folder.string()});
  REQUIRE(pool);
  CHECK(send_email(**pool, clock, job));
  CHECK(send_email(**pool, clock, job));
  Outgoing outgoing = mail_to("ann@example.com");
  outgoing.stamp.message_id = "../a:b@example.com";
  CHECK((*pool)->hand_over(outgoing).result == Handover::taken);

  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.insert(entry.path().filename());
  }
  CHECK(files.size() == 2);
  CHECK(files.contains(to_string(job.uuid) + ".eml"));
  CHECK(files.contains("%2e%2e%2fa%3ab.eml"));
  std::filesystem::remove_all(folder);
}

TEST_CASE("a mail server that is not there makes the job fail") {
  ManualClock clock;
  JobRow job{.payload = Value::object({{"to", "ann@example.com"}})};
  auto sent = send_email(*pool_to("smtp://127.0.0.1:1"), clock, job);
  REQUIRE(!sent);
  CHECK(sent.error().code == ErrorCode::unavailable);
}

}  // namespace
}  // namespace piggy
