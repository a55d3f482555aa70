#include "email/email.h"

#include <doctest/doctest.h>

#include <sstream>
#include <vector>

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

TEST_CASE("headers beside those of every message stand in it") {
  std::vector<EmailHeader> headers = {{"List-Unsubscribe", "<https://example.com/m/u/1>"},
                                      {"List-Unsubscribe-Post", "List-Unsubscribe=One-Click"},
                                      {"Reply-To", "Zoë <zoe@example.com>"}};
  EmailStamp stamp{.date = noon, .message_id = "1@example.com"};
  auto message = email_message(plain_email(), stamp, headers);
  REQUIRE(message);
  CHECK(message->contains("\r\nList-Unsubscribe: <https://example.com/m/u/1>\r\n"));
  CHECK(message->contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
  CHECK(message->contains("\r\nReply-To: =?UTF-8?B?Wm/Dqw==?= <zoe@example.com>\r\n"));
  CHECK(message->contains("\r\nAuto-Submitted: auto-generated\r\n"));

  headers = {{"auto-submitted", "no"}};
  message = email_message(plain_email(), stamp, headers);
  REQUIRE(message);
  CHECK(message->contains("\r\nauto-submitted: no\r\n"));
  CHECK(!message->contains("auto-generated"));
}

TEST_CASE("a header given with an e-mail can bring no other, nor stand for one of the message") {
  for (const EmailHeader& header :
       std::vector<EmailHeader>{{"X-A", "a\r\nBcc: eve@example.com"},
                                {"X-A", "a\nb"},
                                {"X-A", "é"},
                                {"X-A", ""},
                                {"X-A", "  "},
                                {"X-A", std::string(901, 'x')},
                                {"X-A: b\r\nBcc", "eve@example.com"},
                                {"X A", "a"},
                                {"", "a"},
                                {"From", "eve@example.com"},
                                {"bcc", "eve@example.com"},
                                {"CONTENT-TYPE", "text/html"},
                                {"DKIM-Signature", "v=1"},
                                {"Resent-To", "eve@example.com"},
                                {"Reply-To", "a@example.com, b@example.com"},
                                {"Reply-To", "a@example.com\r\nBcc: b@example.com"}}) {
    CAPTURE(header.name);
    EmailStamp stamp{.date = noon, .message_id = "1@example.com"};
    auto message = email_message(plain_email(), stamp, std::span(&header, 1));
    REQUIRE(!message);
    CHECK(message.error().code == ErrorCode::invalid);
  }
  std::vector<EmailHeader> twice = {{"Feedback-ID", "1"}, {"feedback-id", "2"}};
  CHECK(!email_message(plain_email(), {.date = noon, .message_id = "1@example.com"}, twice));
}

}  // namespace
}  // namespace piggy
