#include "email/bounce.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace piggy {
namespace {

std::string report(std::string_view type, std::string_view status_part,
                   std::string_view encoding = "7bit") {
  return fmt::format(
      "From: Mail Delivery System <MAILER-DAEMON@mx.example.net>\r\n"
      "To: bounces@example.com\r\nSubject: Undelivered\r\n"
      "Content-Type: multipart/report;\r\n\treport-type={0}; boundary=\"b/1 2\"\r\n\r\n"
      "For people.\r\n--b/1 2\r\n\r\nIt could not be delivered.\r\n"
      "--b/1 2\r\nContent-Type: message/{0}\r\nContent-Transfer-Encoding: {2}\r\n\r\n{1}\r\n"
      "--b/1 2\r\nContent-Type: message/rfc822\r\n\r\n"
      "From: Shop <shop@example.com>\r\nTo: Ann <ann@example.org>\r\n"
      "Message-ID:\r\n <send-1@example.com>\r\n\r\nHello.\r\n--b/1 2--\r\n",
      type, status_part, encoding);
}

Bounce only(std::string_view message) {
  auto bounces = read_bounces(message);
  REQUIRE(bounces);
  REQUIRE(bounces->size() == 1);
  return bounces->front();
}

std::string failed(std::string_view status, std::string_view words = "smtp; 550 no") {
  return report("delivery-status",
                fmt::format("Reporting-MTA: dns; mx.example.net\r\n\r\n"
                            "Final-Recipient: rfc822; ann@example.org\r\nAction: failed\r\n"
                            "Status: {}\r\nDiagnostic-Code: {}\r\n",
                            status, words));
}

TEST_CASE("a delivery status report tells whom our mail did not reach, and why") {
  Bounce bounce = only(report(
      "delivery-status",
      "Reporting-MTA: dns; mx.example.net\r\nArrival-Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n\r\n"
      "Original-Recipient: rfc822;ann@example.org\r\nFinal-Recipient: rfc822; ann2@example.net\r\n"
      "Action: Failed\r\nStatus: 5.1.1 (no such mailbox)\r\n"
      "Diagnostic-Code: smtp; 550 5.1.1 <ann2@example.net>:\r\n  Recipient\x01 unknown\r\n"));
  CHECK(bounce.kind == BounceKind::hard);
  CHECK(bounce.recipient == "ann@example.org");
  CHECK(bounce.status == "5.1.1");
  CHECK(bounce.action == "failed");
  CHECK(bounce.message_id == "send-1@example.com");
  CHECK(bounce.words == "smtp; 550 5.1.1 <ann2@example.net>: Recipient  unknown");
}

TEST_CASE("a report's kind follows from its enhanced code") {
  for (auto [status, kind] : {std::pair{"5.1.1", BounceKind::hard},
                              {"5.1.2", BounceKind::hard},
                              {"5.1.10", BounceKind::hard},
                              {"5.2.1", BounceKind::hard},
                              {"5.1.8", BounceKind::soft},
                              {"5.2.2", BounceKind::soft},
                              {"5.3.4", BounceKind::soft},
                              {"5.4.1", BounceKind::soft},
                              {"5.7.1", BounceKind::soft},
                              {"4.4.7", BounceKind::soft},
                              {"4.1.1", BounceKind::soft},
                              {"no code", BounceKind::soft},
                              {"", BounceKind::soft},
                              {"15.1.1", BounceKind::soft},
                              {"5.1.1.1", BounceKind::soft}}) {
    CAPTURE(status);
    CHECK(only(failed(status)).kind == kind);
  }
}

TEST_CASE("a vague code gives way to what the other server said") {
  CHECK(only(failed("5.0.0", "smtp; 550 5.1.1 unknown")).kind == BounceKind::hard);
  CHECK(only(failed("5.0.0", "smtp; 550-5.2.2 full")).status == "5.2.2");
  CHECK(only(failed("5.2.2", "smtp; 550 5.1.1 unknown")).kind == BounceKind::soft);
}

// As OpenSMTPD 6.8 writes them.
TEST_CASE("a code that says nothing gives way to the line that people are told") {
  constexpr std::string_view status_part =
      "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; ann@example.org\nAction: failed\n"
      "Status: 5.0.0\n";
  auto told = [&](std::string_view line) {
    return only(
        fmt::format("Content-Type: multipart/mixed;boundary=\"1/mx\"\n\n--1/mx\n"
                    "Content-Type: text/plain; charset=us-ascii\n\n    Hi!\n\n{}\n\n"
                    "--1/mx\nContent-Type: message/delivery-status\n\n{}\n"
                    "--1/mx\nContent-Type: text/rfc822-headers\n\n"
                    "Message-ID: <send-1@example.com>\n--1/mx--\n",
                    line, status_part));
  };
  Bounce bounce = told("ann@example.org: 550 5.1.1 No such mailbox");
  CHECK(bounce.kind == BounceKind::hard);
  CHECK(bounce.status == "5.1.1");
  CHECK(bounce.words == "550 5.1.1 No such mailbox");
  CHECK(told("ann@example.org: 550 busy").kind == BounceKind::soft);
  CHECK(told("ben@example.org: 550 5.1.1 No such mailbox").kind == BounceKind::soft);
  CHECK(told("").kind == BounceKind::soft);
}

TEST_CASE("a report of a delay or a delivery is a notice") {
  for (std::string_view action : {"delayed", "delivered", "relayed", "expanded"}) {
    Bounce bounce = only(report(
        "delivery-status",
        fmt::format("Reporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; ann@example.org\r\n"
                    "Action: {}\r\nStatus: 5.1.1\r\n",
                    action)));
    CHECK(bounce.kind == BounceKind::notice);
    CHECK(bounce.action == action);
  }
}

TEST_CASE("each recipient of a report is told, a hundred at most") {
  std::string groups = "Reporting-MTA: dns; a\r\n";
  for (int i = 0; i < 150; i++) {
    groups += fmt::format(
        "\r\nFinal-Recipient: rfc822; c{}@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n", i);
  }
  auto bounces = read_bounces(report("delivery-status", groups));
  REQUIRE(bounces);
  REQUIRE(bounces->size() == 100);
  CHECK(bounces->back().recipient == "c99@example.org");
}

TEST_CASE("a feedback report is a complaint of the mail's recipient") {
  Bounce bounce =
      only(report("feedback-report",
                  "Feedback-Type: abuse\r\nUser-Agent: SomeGenerator/1.0\r\nVersion: 1\r\n"
                  "Original-Rcpt-To: <ann@example.org>\r\n"));
  CHECK(bounce.kind == BounceKind::complaint);
  CHECK(bounce.action == "abuse");
  CHECK(bounce.recipient == "ann@example.org");
  CHECK(bounce.message_id == "send-1@example.com");

  bounce = only(report("feedback-report", "Feedback-Type: fraud\r\nVersion: 1\r\n"));
  CHECK(bounce.kind == BounceKind::complaint);
  CHECK(bounce.recipient == "ann@example.org");  // From the mail that came back.

  bounce = only(report("feedback-report", "Feedback-Type: not-spam\r\nVersion: 1\r\n"));
  CHECK(bounce.kind == BounceKind::notice);
}

TEST_CASE("a report is read in any of its encodings, and with plain line ends") {
  std::string base64 =
      "UmVwb3J0aW5nLU1UQTogZG5zOyBhCgpGaW5hbC1SZWNpcGllbnQ6IHJmYzgyMjsgYW5uQGV4\r\n"
      "YW1wbGUub3JnCkFjdGlvbjogZmFpbGVkClN0YXR1czogNS4xLjEK\r\n";
  CHECK(only(report("delivery-status", base64, "base64")).status == "5.1.1");
  std::string quoted =
      "Reporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; ann=40exam=\r\nple.org\r\n"
      "Action: failed\r\nStatus: 5.1.1\r\n";
  CHECK(only(report("delivery-status", quoted, "quoted-printable")).recipient == "ann@example.org");
  std::string unix_lines;
  for (char c : failed("5.1.1")) {
    if (c != '\r') unix_lines += c;
  }
  CHECK(only(unix_lines).message_id == "send-1@example.com");
}

TEST_CASE("a mail that is no report is none, though it carries one that came back") {
  std::string inner = failed("5.1.1");
  for (const std::string& message :
       {std::string(), std::string("Subject: Hello\r\n\r\nStatus: 5.1.1\r\n"),
        std::string("Content-Type: multipart/report\r\n\r\n--\r\n"),
        std::string("Content-Type: text/plain\r\n\r\n") + inner,
        "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
        "Content-Type: message/rfc822\r\n\r\n" +
            inner + "\r\n--x--\r\n"}) {
    auto bounces = read_bounces(message);
    REQUIRE(!bounces);
    CHECK(bounces.error().code == ErrorCode::invalid);
  }
}

TEST_CASE("a report that is cut off anywhere is read as far as it goes, or refused") {
  std::string whole = failed("5.1.1");
  for (std::size_t length = 0; length < whole.size(); length++) {
    auto bounces = read_bounces(std::string_view(whole).substr(0, length));
    if (bounces) CHECK(bounces->size() <= 1);
  }
}

TEST_CASE("deep, many and huge parts end within their bounds") {
  std::string deep;
  for (int i = 0; i < 10'000; i++) {
    deep += fmt::format("Content-Type: multipart/mixed; boundary=b{0}\r\n\r\n--b{0}\r\n", i);
  }
  CHECK(!read_bounces(deep));
  std::string many = "Content-Type: multipart/mixed; boundary=x\r\n\r\n";
  for (int i = 0; i < 100'000; i++) many += "--x\r\nA: b\r\n\r\n";
  CHECK(!read_bounces(many));
  std::string huge = "Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n";
  CHECK(!read_bounces(huge + std::string(20 << 20, 'x')));
  CHECK(!read_bounces("X: " + std::string(8 << 20, ' ') + "\r\n\r\n"));
}

}  // namespace
}  // namespace piggy
