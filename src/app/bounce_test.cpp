#include "app/bounce.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sstream>

namespace piggy {
namespace {

// Answers as it is told, and keeps what it was asked.
struct Desk final : Backend {
  struct Asked {
    std::string operation = {};
    Value input = {};
    std::string account = {};
  };
  std::vector<Asked> asked = {};
  std::optional<Error> refuses = {};

  Result<Value> call(std::string_view operation, const Value& input,
                     const CallOptions& options) override {
    asked.push_back({std::string(operation), input, options.account});
    if (refuses) return fail(*refuses);
    return Value::object();
  }
  bool is_running_server() const override { return true; }
};

std::string report(std::string_view recipients) {
  return fmt::format(
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
      "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{}\n"
      "--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <abc@shop.example>\n"
      "To: ann@example.com\n--b--\n",
      recipients);
}

constexpr std::string_view unknown_user =
    "Final-Recipient: rfc822; ann@example.com\nAction: failed\nStatus: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 no such user\n";

std::vector<std::string> messages_in(const std::string& mbox) {
  std::vector<std::string> found;
  std::istringstream input(mbox);
  CHECK(each_message(input, [&](std::string_view message) -> Result<> {
    found.emplace_back(message);
    return {};
  }));
  return found;
}

}  // namespace

TEST_CASE("a report of an unknown user is recorded as a hard bounce of the mail it names") {
  Desk desk;
  auto became = record_bounce_in(desk, "honey", report(unknown_user));
  REQUIRE(became);
  CHECK(*became == "recorded: hard bounce of abc@shop.example");
  REQUIRE(desk.asked.size() == 1);
  CHECK(desk.asked[0].operation == "record_bounce");
  CHECK(desk.asked[0].account == "honey");
  CHECK(desk.asked[0].input.text_of("message_id") == "abc@shop.example");
  CHECK(desk.asked[0].input.text_of("kind") == "hard");
  CHECK(desk.asked[0].input.text_of("diagnostic") == "5.1.1 smtp; 550 no such user");
}

TEST_CASE("a report that names many recipients is about one mail") {
  Desk desk;
  std::string many = "Final-Recipient: rfc822; b@example.com\nAction: failed\nStatus: 4.2.2\n\n";
  for (int i = 0; i < 50; i++) many += std::string(unknown_user) + "\n";
  REQUIRE(record_bounce_in(desk, "honey", report(many)));
  REQUIRE(desk.asked.size() == 1);
  CHECK(desk.asked[0].input.text_of("kind") == "hard");
}

TEST_CASE("a complaint is recorded as one") {
  Desk desk;
  auto became = record_bounce_in(
      desk, "honey",
      "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
      "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n\n"
      "--b\nContent-Type: message/rfc822\n\nMessage-ID: <abc@shop.example>\n\nHello\n--b--\n");
  REQUIRE(became);
  REQUIRE(desk.asked.size() == 1);
  CHECK(desk.asked[0].operation == "record_complaint");
  CHECK(desk.asked[0].input.text_of("detail") == "abuse");
}

TEST_CASE("what is no report, loses nothing or names no mail is left and said") {
  Desk desk;
  for (const std::string& message :
       {std::string("Subject: Hello\n\nI am on holiday.\n"), std::string(),
        std::string("\0\xff\n\n--", 6),
        report("Final-Recipient: rfc822; ann@example.com\nAction: delayed\nStatus: 4.4.1\n"),
        std::string("Content-Type: message/delivery-status\n\n") + std::string(unknown_user)}) {
    auto became = record_bounce_in(desk, "honey", message);
    REQUIRE(became);
    CHECK(became->starts_with("left: "));
  }
  CHECK(desk.asked.empty());
}

TEST_CASE("a mail of somebody else is left; a store that takes nothing is an error") {
  Desk desk;
  desk.refuses = Error{.code = ErrorCode::not_found, .message = "There is no mail of ours."};
  auto became = record_bounce_in(desk, "honey", report(unknown_user));
  REQUIRE(became);
  CHECK(became->starts_with("left: "));
  desk.refuses = Error{.code = ErrorCode::unavailable, .message = "Later."};
  CHECK(!record_bounce_in(desk, "honey", report(unknown_user)));
}

TEST_CASE("the messages of an mbox are told apart by their From lines after an empty one") {
  auto found = messages_in(
      "From a Mon\nA: 1\n\nbody\nFrom here on\n>From quoted\n\nFrom b Tue\r\nB: 2\n\nend");
  REQUIRE(found.size() == 2);
  CHECK(found[0] == "A: 1\n\nbody\nFrom here on\n>From quoted\n\n");
  CHECK(found[1] == "B: 2\n\nend");
  CHECK(messages_in("").empty());
  CHECK(messages_in("no mailbox\n\n").empty());
}

TEST_CASE("of a message without end no more is kept than is looked at") {
  std::string mbox =
      "From a Mon\n" + std::string(3 * bounce_message_max, 'x') + "\n\nFrom b Tue\nB: 2\n";
  auto found = messages_in(mbox);
  REQUIRE(found.size() == 2);
  CHECK(found[0].size() <= bounce_message_max + (64 << 10));
  CHECK(found[1] == "B: 2\n");
}

}  // namespace piggy
