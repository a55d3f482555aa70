// What is asked of people at MCP clients, and where they decide.

#include "door/toolbox.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <future>
#include <set>

#include "door/approval_page.h"
#include "door/asking.h"
#include "door/test_office.h"
#include "http/test_responder.h"

namespace piggy {
namespace {

constexpr std::string_view reception = "piggy_create_credit_reception";
constexpr std::string_view batch = "piggy_create_vouchers_batch";
constexpr std::string_view fifty = R"({"shop_uuid":"$shop","contact_uuid":"$ann","credits":50})";

class TestContext final : public mcp::Context {
 public:
  explicit TestContext(std::set<std::string, std::less<>> can) : can_(std::move(can)) {}
  bool cancelled() const override { return gone; }
  void on_cancel(std::function<void()>) override {}
  void progress(double progress, double, std::string_view) override { steps.push_back(progress); }
  void log(mcp::LogLevel, std::string_view, const Value&) override {}
  bool client_can(std::string_view capability) const override { return can_.contains(capability); }
  void release_stream() override {}

  std::vector<double> steps;
  std::atomic<bool> gone = false;

 private:
  std::set<std::string, std::less<>> can_;
};

// One call on its way to its answer.
struct Calling {
  std::shared_ptr<TestContext> context;
  std::future<Result<mcp::ToolOutcome>> outcome;

  bool answered() const {
    return outcome.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }
};

class Desk {
 public:
  Desk() : toolbox(office.engine->catalogue(), office.engine->dispatch(), options()) {
    Value promotion = Office::must(office.call(
        office.owner(), "create_promotion", R"({"name":"Summer","description":"A tenth off."})"));
    // A call of `batch` without its quantity.
    lacking = fmt::format(R"({{"promotion_uuid":"{}"}})", promotion.text_of("uuid"));
  }

  Toolbox::Options options() {
    return {.public_url = "https://piggy.example", .who = [this](std::string_view header) {
              return office.engine->callers().by_authorization(header, TokenKind::mcp);
            }};
  }

  mcp::Principal nina() {
    auto caller = office.nina();
    return Toolbox::principal_of(caller, "Bearer " + office.token());
  }

  Calling begin(std::string_view tool, std::string_view arguments, mcp::Asked asked,
                std::set<std::string, std::less<>> can) {
    auto context = std::make_shared<TestContext>(std::move(can));
    auto promise = std::make_shared<std::promise<Result<mcp::ToolOutcome>>>();
    Calling calling{.context = context, .outcome = promise->get_future()};
    auto value = parse_json(office.filled(arguments));
    REQUIRE(value);
    toolbox.call_tool({.principal = nina(),
                       .name = std::string(tool),
                       .arguments = *std::move(value),
                       .asked = std::move(asked)},
                      context, [promise](Result<mcp::ToolOutcome> outcome) {
                        promise->set_value(std::move(outcome));
                      });
    return calling;
  }
  Result<mcp::ToolOutcome> call(std::string_view tool, std::string_view arguments,
                                mcp::Asked asked = {},
                                std::set<std::string, std::less<>> can = {"elicitation/form",
                                                                          "elicitation/url"}) {
    return begin(tool, arguments, std::move(asked), std::move(can)).outcome.get();
  }
  mcp::InputRequired asks(std::string_view tool, std::string_view arguments,
                          mcp::Asked asked = {}) {
    auto outcome = call(tool, arguments, std::move(asked));
    REQUIRE_MESSAGE(outcome, outcome.error().message);
    auto* required = std::get_if<mcp::InputRequired>(&*outcome);
    REQUIRE(required);
    REQUIRE(required->requests.size() == 1);
    return *required;
  }
  // The approval that a question sends people to.
  static std::string approval_in(const mcp::InputRequired& required) {
    std::string_view url = required.requests[0].params.text_of("url");
    constexpr std::string_view page = "https://piggy.example/approvals/";
    REQUIRE(url.starts_with(page));
    return std::string(url.substr(page.size()));
  }
  void decide(std::string_view approval, std::string_view verdict) {
    Office::must(
        office.call(office.boss, "decide_approval",
                    fmt::format(R"({{"approval_uuid":"{}","verdict":"{}"}})", approval, verdict)));
  }

  Office office;
  Toolbox toolbox;
  std::string lacking;
};

mcp::Asked reply(std::string_view key, std::string_view answer, std::string state) {
  auto value = parse_json(answer);
  REQUIRE(value);
  return {.responses = Value::object({{std::string(key), *value}}), .state = std::move(state)};
}

std::string_view accepted = R"({"action":"accept"})";

const mcp::ToolResult& result_in(const Result<mcp::ToolOutcome>& outcome) {
  REQUIRE_MESSAGE(outcome, outcome.error().message);
  const auto* result = std::get_if<mcp::ToolResult>(&*outcome);
  REQUIRE(result);
  return *result;
}

// Somebody's browser at the page of an approval.
class Browser {
 public:
  Browser(Desk& desk, std::string session = {})
      : page_(desk.office.engine->catalogue(), desk.office.engine->dispatch(),
              desk.office.engine->callers()),
        session_(std::move(session)) {}

  http::Response open(const std::string& approval) {
    return send({.path = "/approvals/" + approval});
  }
  http::Response press(const std::string& approval, std::string_view verdict,
                       std::string_view proof) {
    return send({.method = http::Method::post,
                 .path = "/approvals/" + approval,
                 .body = fmt::format("verdict={}&proof={}&note=Go+on", verdict, proof)});
  }

 private:
  http::Response send(http::Request request) {
    if (!session_.empty()) request.headers.push_back({"Cookie", "piggy_session=" + session_});
    return http::answer_of(
        [&](http::Responder responder) { page_.handle(std::move(request), std::move(responder)); });
  }

  ApprovalPage page_;
  std::string session_;
};

std::string waiting_approval(Desk& desk) {
  desk.office.grant(R"([{"tool":"piggy_create_credit_reception","ask":"always"}])");
  return Desk::approval_in(desk.asks(reception, fifty));
}

}  // namespace

TEST_CASE("whoever can open a page is sent to it, waits there, and gets the answer once") {
  Desk desk;
  desk.office.grant(R"([{"tool":"piggy_create_credit_reception","ask":"always"}])");
  auto required = desk.asks(reception, fifty);
  CHECK(required.requests[0].params.text_of("mode") == "url");
  CHECK(required.requests[0].params.text_of("message") ==
        "Create Credit Reception is granted to Nina with approval only. Whoever may decide is "
        "asked to sign in on this page. The call goes on when it is decided.");
  std::string approval = Desk::approval_in(required);

  auto page = reply("decision", accepted, required.state);
  auto waiting = desk.begin(reception, fifty, page, {"elicitation/url"});
  desk.toolbox.tick();
  CHECK(!waiting.answered());
  CHECK(desk.office.balance() == 0);  // That the page was opened decides nothing.
  desk.decide(approval, "approve");
  desk.toolbox.tick();
  auto outcome = waiting.outcome.get();
  CHECK(result_in(outcome).structured.find("\"credits\":50") != std::string::npos);
  CHECK(waiting.context->steps.size() >= 2);
  CHECK(desk.office.balance() == 50);

  // An answer that was lost on its way is not a new call.
  auto again = desk.call(reception, fifty, page);
  CHECK(result_in(again).structured.find("\"credits\":50") != std::string::npos);
  CHECK(desk.office.balance() == 50);
  // The same call without that state is one, and asks anew.
  CHECK(Desk::approval_in(desk.asks(reception, fifty)) != approval);
}

TEST_CASE("what was denied, or not decided in time, is told, and nothing is done") {
  Desk desk;
  desk.office.grant(R"([{"tool":"piggy_create_credit_reception","ask":"always"}])");
  auto required = desk.asks(reception, fifty);
  auto late = desk.begin(reception, fifty, reply("decision", accepted, required.state),
                         {"elicitation/url"});
  desk.office.clock.time = desk.office.clock.now() + 46 * microseconds_per_second;
  desk.toolbox.tick();
  auto outcome = late.outcome.get();
  REQUIRE(!outcome);
  CHECK(outcome.error().code == ErrorCode::needs_approval);

  desk.decide(Desk::approval_in(required), "deny");
  auto denied = desk.call(reception, fifty, reply("decision", accepted, required.state));
  REQUIRE(!denied);
  CHECK(denied.error().message == "A person denied it.");
  CHECK(desk.office.balance() == 0);
}

TEST_CASE("who will not open the page, or cannot, is told where it is decided") {
  Desk desk;
  desk.office.grant(R"([{"tool":"piggy_create_credit_reception","ask":"always"}])");
  auto required = desk.asks(reception, fifty);
  std::string page = "https://piggy.example/approvals/" + Desk::approval_in(required);
  for (std::string_view answer : {R"({"action":"decline"})", R"({"action":"cancel"})"}) {
    auto refused = desk.call(reception, fifty, reply("decision", answer, required.state));
    REQUIRE(!refused);
    CHECK(refused.error().message.find(page) != std::string::npos);
  }
  auto form_alone = desk.call(reception, fifty, {}, {"elicitation/form"});
  REQUIRE(!form_alone);
  CHECK(form_alone.error().message.find(page) != std::string::npos);
  // Without the state of our question nobody was asked.
  auto forged = desk.call(reception, fifty, reply("decision", accepted, ""));
  REQUIRE(forged);
  CHECK(std::get_if<mcp::InputRequired>(&*forged));

  auto task = desk.call(reception, fifty, {},
                        {"elicitation/url", std::string(mcp::Context::tasks_capability)});
  REQUIRE(task);
  REQUIRE(std::get_if<mcp::Task>(&*task));
  CHECK(std::get<mcp::Task>(*task).message.find(page) != std::string::npos);
  CHECK(desk.office.balance() == 0);
}

TEST_CASE("a client that gives up leaves how it ended for whoever asks again") {
  Desk desk;
  desk.office.grant(R"([{"tool":"piggy_create_credit_reception","ask":"always"}])");
  auto required = desk.asks(reception, fifty);
  auto page = reply("decision", accepted, required.state);
  auto waiting = desk.begin(reception, fifty, page, {"elicitation/url"});
  waiting.context->gone = true;
  desk.decide(Desk::approval_in(required), "approve");
  desk.toolbox.tick();
  CHECK(!waiting.outcome.get());
  CHECK(result_in(desk.call(reception, fifty, page)).is_error == false);
  CHECK(desk.office.balance() == 50);
}

TEST_CASE("a server that stops answers those who wait") {
  Desk desk;
  desk.office.grant(R"([{"tool":"piggy_create_credit_reception","ask":"always"}])");
  auto required = desk.asks(reception, fifty);
  auto page = reply("decision", accepted, required.state);
  auto waiting = desk.begin(reception, fifty, page, {"elicitation/url"});
  desk.toolbox.stop();
  CHECK(waiting.outcome.get().error().code == ErrorCode::needs_approval);
  CHECK(desk.call(reception, fifty, page).error().code == ErrorCode::needs_approval);
}

TEST_CASE("a form asks for exactly what is missing, and the call goes on with it") {
  Desk desk;
  desk.office.grant(
      R"([{"tool":"piggy_create_vouchers_batch"},{"tool":"piggy_create_contact_attribute"}])");
  auto form = desk.asks(batch, desk.lacking);
  const Value& schema = *form.requests[0].params.find("requestedSchema");
  CHECK(to_json(*schema.find("required")) == R"(["quantity"])");
  const Value& quantity = *schema.find("properties")->find("quantity");
  CHECK(schema.find("properties")->members()->size() == 1);
  CHECK(quantity.text_of("type") == "integer");
  CHECK(quantity.text_of("title") == "Quantity");
  CHECK(*quantity.find("maximum")->integer() == 500);
  // What it did not ask for is not taken.
  auto given = desk.call(
      batch, desk.lacking,
      reply("fields", R"({"action":"accept","content":{"quantity":7,"promotion_uuid":"x"}})",
            form.state));
  CHECK(result_in(given).structured.find("\"quantity\":7") != std::string::npos);

  constexpr std::string_view attribute = "piggy_create_contact_attribute";
  constexpr std::string_view colour = R"({"name":"shoe_size","data_type":"colour"})";
  auto choice = desk.asks(attribute, colour);
  const Value& asked = *choice.requests[0].params.find("requestedSchema")->find("properties");
  CHECK(asked.find("data_type")->find("enum")->items()->size() > 2);
  result_in(desk.call(
      attribute, colour,
      reply("fields", R"({"action":"accept","content":{"data_type":"text"}})", choice.state)));
}

TEST_CASE("who fills in no form gets the plain error, and nobody is asked the same twice") {
  Desk desk;
  desk.office.grant(R"([{"tool":"piggy_create_vouchers_batch"}])");
  auto form = desk.asks(batch, desk.lacking);
  for (std::string_view answer :
       {R"({"action":"decline"})", R"({"action":"cancel","content":{"quantity":7}})",
        R"({"action":"accept"})", R"({"action":"accept","content":{"quantity":{"a":1}}})",
        R"({"action":"accept","content":{"quantity":"many"}})",
        R"({"action":"accept","content":{"quantity":501}})"}) {
    auto refused = desk.call(batch, desk.lacking, reply("fields", answer, form.state));
    REQUIRE(!refused);
    REQUIRE(refused.error().fields.size() == 1);
    CHECK(refused.error().fields[0].path == "/quantity");
  }
  auto unanswered =
      desk.asks(batch, desk.lacking, {.responses = Value::object(), .state = form.state});
  CHECK(unanswered.requests[0].key == "fields");
  CHECK(!desk.call(batch, desk.lacking, {}, {}));
  CHECK(!desk.call(batch, desk.lacking, {}, {"elicitation/url"}));
  for (const Value& call : desk.office.calls("create_vouchers_batch")) {
    CHECK(call.text_of("outcome") == "refused");
  }
}

TEST_CASE("nobody is asked for a uuid, nor when something else is wrong as well") {
  Desk desk;
  desk.office.grant(R"([{"tool":"piggy_create_vouchers_batch"}])");
  std::string more = desk.lacking.substr(0, desk.lacking.size() - 1);
  for (const std::string& arguments :
       {std::string(R"({"quantity":1})"), std::string("{}"), more + R"(,"colour":1})",
        more + R"(,"contact_uuid":"nobody"})", more + R"(,"quantity":0})"}) {
    auto refused = desk.call(batch, arguments);
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::invalid);
  }
}

TEST_CASE("what was filled in is part of what is approved") {
  Desk desk;
  desk.office.grant(R"([{"tool":"piggy_create_vouchers_batch","ask":"always"}])");
  auto form = desk.asks(batch, desk.lacking);
  auto page =
      desk.asks(batch, desk.lacking,
                reply("fields", R"({"action":"accept","content":{"quantity":9}})", form.state));
  std::string approval = Desk::approval_in(page);
  Value shown = Office::must(desk.office.call(
      desk.office.boss, "get_approval", fmt::format(R"({{"approval_uuid":"{}"}})", approval)));
  CHECK(*shown.find("arguments")->find("quantity")->integer() == 9);
  desk.decide(approval, "approve");
  auto done = desk.call(batch, desk.lacking, reply("decision", accepted, page.state));
  CHECK(result_in(done).structured.find("\"quantity\":9") != std::string::npos);
}

TEST_CASE("state that we cannot read is none") {
  Desk desk;
  desk.office.grant(R"([{"tool":"piggy_create_vouchers_batch"}])");
  for (std::string_view state : {"{", "[]", "7", R"({"answers":[1],"fields":"x"})"}) {
    auto form = desk.asks(batch, desk.lacking, {.state = std::string(state)});
    CHECK(form.requests[0].key == "fields");
  }
}

TEST_CASE("no secret is asked for by a form") {
  Office office;
  std::size_t secrets = 0;
  for (const auto& operation : office.engine->catalogue().all()) {
    for (const Field& field : operation->input->fields) {
      if (field.options.format != Format::secret) continue;
      secrets++;
      Error missing{.code = ErrorCode::invalid,
                    .fields = {{fmt::format("/{}", field.name), "field is required"}}};
      CHECK(askable_fields(*operation, Value::object(), missing, {}).empty());
    }
  }
  CHECK(secrets > 0);
}

TEST_CASE("a persona's list stays the same object until its tools change") {
  Desk desk;
  desk.office.grant(R"([{"tool":"piggy_list_perks"}])");
  auto nina = desk.nina();
  auto before = desk.toolbox.tools(nina);
  Office::must(desk.office.call(desk.office.boss, "create_persona", R"({"name":"Otto"})"));
  CHECK(desk.toolbox.tools(nina) == before);
  desk.office.grant(R"([{"tool":"piggy_find_contact"}])");
  auto after = desk.toolbox.tools(nina);
  CHECK(after != before);
  Office::must(desk.office.call(desk.office.boss, "set_persona_state", R"({"state":"stopped"})"));
  CHECK(desk.toolbox.tools(nina)->entries().empty());
  CHECK(desk.toolbox.still_let_in(nina));
  CHECK(!desk.toolbox.still_let_in(Toolbox::principal_of(desk.office.nina(), "Bearer gone")));
}

TEST_CASE("the page shows what is asked, and takes a decision with its own proof alone") {
  Desk desk;
  std::string approval = waiting_approval(desk);
  std::string session = *desk.office.session("boss@shop.example");
  std::string proof = (*desk.office.engine->callers().by_session(session))->session_proof;
  Browser boss(desk, session);
  auto page = boss.open(approval);
  CHECK(page.status == 200);
  for (std::string_view part : {"Nina", "Create Credit Reception", "credits", "ann@example.com",
                                "plan credits", "Approve", "Deny"}) {
    CHECK_MESSAGE(page.body.find(part) != std::string::npos, part);
  }
  CHECK(page.body.find("<script") == std::string::npos);
  std::string policy;  // All of them hold together.
  for (const http::Header& header : page.headers) {
    if (header.name == "Content-Security-Policy") policy += header.value + "; ";
  }
  CHECK(policy.find("default-src 'none'; style-src 'sha256-") == 0);
  CHECK(policy.find("form-action 'self'") != std::string::npos);
  CHECK(boss.press(approval, "approve", "").status == 403);
  CHECK(boss.press(approval, "approve", "forged").status == 403);
  CHECK(desk.office.balance() == 0);
  CHECK(boss.press(approval, "maybe", proof).status == 400);
  auto done = boss.press(approval, "approve", proof);
  CHECK(done.status == 303);
  CHECK(done.header("Location") == "/approvals/" + approval);
  CHECK(desk.office.balance() == 50);
  page = boss.open(approval);
  CHECK(page.body.find("Approved by boss@shop.example, and done.") != std::string::npos);
  CHECK(page.body.find("Go on") != std::string::npos);
  CHECK(page.body.find("<form") == std::string::npos);
  CHECK(boss.press(approval, "deny", proof).status == 303);
  CHECK(desk.office.balance() == 50);
}

TEST_CASE("the page is for those of the account who may") {
  Desk desk;
  std::string approval = waiting_approval(desk);
  auto stranger = Browser(desk).open(approval);
  CHECK(stranger.status == 303);
  CHECK(stranger.header("Location").find("/sign-in?return_to=%2Fapprovals%2F") == 0);

  Office& office = desk.office;
  office.hire("viv@shop.example", "viewer");
  std::string session = *office.session("viv@shop.example");
  Browser viewer(desk, session);
  auto seen = viewer.open(approval);
  CHECK(seen.body.find("Approve</button>") == std::string::npos);
  std::string proof = (*office.engine->callers().by_session(session))->session_proof;
  CHECK(viewer.press(approval, "approve", proof).status == 403);

  Office::must(
      office.call(office.engine->callers().owner(), "create_account", R"({"name":"other"})"));
  office.hire("eve@other.example", "owner", "other");
  session = *office.session("eve@other.example");
  proof = (*office.engine->callers().by_session(session))->session_proof;
  Browser foreign(desk, session);
  CHECK(foreign.open(approval).status == 404);
  CHECK(foreign.press(approval, "approve", proof).status == 404);
  CHECK(Browser(desk, session).open("nonsense").status == 404);
  CHECK(office.balance() == 0);
}

TEST_CASE("hostile arguments stand on the page as text") {
  Desk desk;
  desk.office.grant(R"([{"tool":"piggy_create_contact_attribute","ask":"always"}])");
  auto required =
      desk.asks("piggy_create_contact_attribute",
                R"({"name":"a","data_type":"text","label":"<script>alert(1)</script>"})");
  auto page =
      Browser(desk, *desk.office.session("boss@shop.example")).open(Desk::approval_in(required));
  CHECK(page.body.find("<script") == std::string::npos);
  CHECK(page.body.find("&lt;script&gt;") != std::string::npos);
}

}  // namespace piggy
