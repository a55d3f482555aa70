#include "email/email.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "email/send.h"

namespace piggy {
namespace {

constexpr Time noon = {1'700'000'000 * microseconds_per_second};

Email plain_email() {
  return {.from = "Piggy <no-reply@example.com>",
          .to = "ann@example.com",
          .subject = "Hello",
          .text = "Hello, Ann."};
}

std::string message_of(const Email& email) {
  auto message = email_message(email, {.date = noon, .message_id = "1@example.com"});
  REQUIRE(message);
  return *message;
}

TEST_CASE("a message says who, when and what") {
  std::string message = message_of(plain_email());

  CHECK(message.contains("From: Piggy <no-reply@example.com>\r\n"));
  CHECK(message.contains("To: ann@example.com\r\n"));
  CHECK(message.contains("Subject: Hello\r\n"));
  CHECK(message.contains("Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"));
  CHECK(message.contains("Message-ID: <1@example.com>\r\n"));
  CHECK(message.ends_with("\r\n\r\nHello, Ann.\r\n"));
}

TEST_CASE("a subject cannot begin a header of its own") {
  Email email = plain_email();
  email.subject = "Hi\r\nBcc: eve@example.com";
  std::string message = message_of(email);

  CHECK(!message.contains("\r\nBcc:"));
  CHECK(message.contains("Subject: =?UTF-8?B?SGkNCkJjYzogZXZlQGV4YW1wbGUuY29t?=\r\n"));
}

TEST_CASE("an address cannot begin a header of its own") {
  for (std::string address :
       {"ann@example.com\r\nBcc: eve@example.com", "ann@example.com>, <eve@example.com",
        "ann@example.com, eve@example.com", "ann", "", "Ann\r\nBcc: x <ann@example.com\n>"}) {
    Email email = plain_email();
    email.to = address;
    CHECK(!email_message(email, {.date = noon, .message_id = "1@example.com"}));
  }
}

TEST_CASE("a name in the sender is encoded when it is not plain") {
  Email email = plain_email();
  email.from = "Café \"Zoë\"\r\nBcc: x@y.z <cafe@example.com>";
  std::string message = message_of(email);

  CHECK(!message.contains("\r\nBcc"));
  CHECK(message.contains("<cafe@example.com>\r\n"));
}

TEST_CASE("a long subject in another script is folded between characters") {
  Email email = plain_email();
  for (int i = 0; i < 40; i++) email.subject += "é€";
  std::string message = message_of(email);

  std::istringstream lines(message);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 78);
}

TEST_CASE("text and HTML stand side by side, and both survive the way") {
  Email email = plain_email();
  email.text = "Points = 10\n.\nCafé";
  email.html = "<p class=\"x\">Café</p>" + std::string(200, 'x');
  std::string message = message_of(email);

  CHECK(message.contains("Content-Type: multipart/alternative; boundary="));
  CHECK(message.contains("Points =3D 10\r\n=2E\r\nCaf=C3=A9\r\n"));
  CHECK(message.contains("<p class=3D\"x\">Caf=C3=A9</p>"));
  std::istringstream lines(message);
  for (std::string line; std::getline(lines, line);) {
    CHECK(line.size() <= 78);
    CHECK(line.back() == '\r');
  }
}

TEST_CASE("HTML of outsiders stays text") {
  CHECK(escape_html("<b a='\"'>&") == "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
}

TEST_CASE("an e-mail is written to the outbox once, however often it is sent") {
  auto folder = std::filesystem::temp_directory_path() / "piggy-outbox-test";
  std::filesystem::remove_all(folder);
  ManualClock clock;
  JobRow job{.payload = Value::object({{"to", "ann@example.com"}, {"subject", "Hello"}})};

  EmailOptions options{.outbox_folder = folder.string()};
  CHECK(send_email(options, clock, job));
  CHECK(send_email(options, clock, job));

  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    CHECK(entry.path().extension() == ".eml");
    files++;
  }
  CHECK(files == 1);
  std::filesystem::remove_all(folder);
}

TEST_CASE("a mail server that is not there makes the job fail") {
  ManualClock clock;
  JobRow job{.payload = Value::object({{"to", "ann@example.com"}})};
  auto sent = send_email({.smtp_url = "smtp://127.0.0.1:1"}, clock, job);
  REQUIRE(!sent);
  CHECK(sent.error().code == ErrorCode::unavailable);
}

}  // namespace
}  // namespace piggy
