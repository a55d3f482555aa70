#include "flow/run.h"

#include "flow/test_stage.h"

namespace piggy {

TEST_CASE("steps follow each other, and hand on what they answer") {
  Stage stage;
  Uuid flow = stage.make(R"({
    "trigger": {"manual": {}},
    "parameters": [{"name": "greeting", "label": "Greeting", "kind": "text", "value": "Hi"}],
    "steps": [
      {"id": "one", "call": {"tool": "own_one", "input": {"who": "${{ input.name }}", "n": 3}}},
      {"id": "mix", "set": {"text": "${{ parameters.greeting }} ${{ steps.one.who }}", "double": "${{ steps.one.n * 2 }}"}},
      {"id": "unwanted", "when": "steps.mix.double > 6", "call": {"tool": "own_two"}},
      {"id": "far", "call": {"tool": "far_away", "input": {"text": "${{ steps.mix.text }}"}}}
    ],
    "output": "${{ steps.far.text }}"})");

  Uuid run = stage.start(flow, R"({"name": "Ann"})");
  stage.go_on();

  CHECK(stage.told() == Lines{R"(own_one {"who":"Ann","n":3})", R"(far_away {"text":"Hi Ann"})"});
  CHECK(stage.state(run) == "done");
  CHECK(stage.output(run) == R"("Hi Ann")");
  auto steps = stage.look(run).steps;
  REQUIRE(steps.size() == 4);
  CHECK(steps[2].state == FlowStepState::skipped);
  CHECK(to_json(steps[1].output) == R"({"text":"Hi Ann","double":6})");
  stage.go_on();
  CHECK(stage.tools.calls.size() == 2);
}

TEST_CASE("a branch goes one way, a choice one of several, a loop through its items") {
  Stage stage;
  Uuid flow = stage.make(R"({
    "trigger": {"manual": {}},
    "steps": [
      {"id": "which", "branch": {"if": "input.n > 1",
         "then": [{"id": "many", "call": {"tool": "own_many"}}],
         "else": [{"id": "few", "call": {"tool": "own_few"}}]}},
      {"id": "how", "choose": {"on": "input.kind", "cases": [
         {"is": "a", "steps": [{"id": "is_a", "call": {"tool": "own_a"}}]},
         {"is": "b", "steps": [{"id": "is_b", "call": {"tool": "own_b"}}]}],
         "otherwise": [{"id": "is_none", "call": {"tool": "own_none"}}]}},
      {"id": "each", "for_each": {"in": "input.list", "as": "x", "steps": [
         {"id": "twice", "set": {"x": "${{ x * 2 }}"}},
         {"id": "send", "call": {"tool": "far_send", "input": {"x": "${{ steps.twice.x }}"}}}]}}
    ],
    "output": "${{ sum(map(steps.each.items, function(i) return i.send.x end)) }}"})");

  Uuid run = stage.start(flow, R"({"n": 1, "kind": "b", "list": [1, 2, 3]})");
  stage.go_on();

  CHECK(stage.told() == Lines{"own_few {}", "own_b {}", R"(far_send {"x":2})",
                              R"(far_send {"x":4})", R"(far_send {"x":6})"});
  CHECK(stage.output(run) == "12");
  stage.start(flow, R"({"n": 2, "kind": "c", "list": []})");
  stage.go_on();
  CHECK(stage.told().back() == "own_none {}");
}

TEST_CASE("several items of a loop are under way at once, those that wait among them") {
  Stage stage;
  Uuid flow = stage.make(R"({
    "trigger": {"manual": {}},
    "steps": [{"id": "each", "for_each": {"in": "input.list", "as": "x", "at_once": 3, "steps": [
      {"id": "begin", "call": {"tool": "own_begin", "input": {"x": "${{ x }}"}}},
      {"id": "rest", "wait": {"span": {"minutes": 1}}},
      {"id": "last", "call": {"tool": "own_end", "input": {"x": "${{ x }}"}}}]}}]})");
  Uuid run = stage.start(flow, R"({"list": [1, 2, 3, 4, 5]})");
  stage.go_on();
  CHECK(stage.tools.calls.size() == 3);
  stage.pass(61);
  CHECK(stage.tools.calls.size() == 8);  // Three ended, two more begun.
  stage.pass(61);
  CHECK(stage.tools.calls.size() == 10);
  CHECK(stage.state(run) == "done");
}

TEST_CASE("a wait costs nothing until its time, by span, moment or wall clock") {
  Stage stage;
  stage.engine.clock().time = *parse_time("2026-03-01T12:00:00Z");
  Uuid flow = stage.make(R"({
    "trigger": {"manual": {}},
    "steps": [
      {"id": "a", "wait": {"span": {"hours": 1, "minutes": 30}}},
      {"id": "b", "wait": {"until": "input.moment"}},
      {"id": "c", "wait": {"next": {"zone": "Europe/Amsterdam", "times": ["09:00"]}}},
      {"id": "done", "call": {"tool": "own_done"}}]})");
  Uuid run = stage.start(flow, R"({"moment": "2026-03-02 06:00"})");  // Of the account's zone.
  stage.go_on();
  CHECK(stage.state(run) == "waiting");
  CHECK(stage.look(run).run.due_at == parse_time("2026-03-01T13:30:00Z"));
  stage.pass(5'400);
  CHECK(stage.look(run).run.due_at == parse_time("2026-03-02T05:00:00Z"));
  stage.engine.clock().time = *parse_time("2026-03-02T05:00:00Z");
  stage.go_on();
  CHECK(stage.look(run).run.due_at == parse_time("2026-03-02T08:00:00Z"));
  stage.begin_again();
  stage.engine.clock().time = *parse_time("2026-03-02T08:00:00Z");
  stage.go_on();
  CHECK(stage.state(run) == "done");
}

TEST_CASE("an event begins a run once, and wakes what waits for it") {
  Stage stage;
  Uuid flow = stage.make(R"({
    "trigger": {"event": {"type": "order_placed", "where": "event.amount >= parameters.least"}},
    "parameters": [{"name": "least", "label": "Least", "kind": "integer", "value": 10}],
    "steps": [
      {"id": "paid", "wait_for": {"event": "order_paid", "where": "event.order == event_order",
                                  "timeout": {"days": 1}}},
      {"id": "tell", "call": {"tool": "own_tell", "input": {"late": "${{ steps.paid.timed_out }}"}}}]})");
  CHECK(stage.runs(flow).empty());
  stage.tell("order_placed", R"({"amount": 5})");
  stage.tell("order_placed", R"({"amount": "nonsense"})");
  stage.tell("order_placed", R"({"amount": 12})");
  stage.go_on();
  stage.begin_again();
  stage.go_on();
  REQUIRE(stage.runs(flow).size() == 1);
  Uuid run = stage.runs(flow)[0].uuid;
  stage.tell("order_shipped", "{}");
  stage.go_on();
  CHECK(stage.state(run) == "waiting");
  stage.pass(86'401);
  CHECK(stage.told() == Lines{R"(own_tell {"late":true})"});
}

TEST_CASE("an event about a contact wakes the runs that wait for that one") {
  Stage stage;
  Uuid flow = stage.make(R"({
    "trigger": {"manual": {}},
    "steps": [
      {"id": "begin", "call": {"tool": "own_begin"}},
      {"id": "act", "wait_for": {"event": "contact_activity", "contact": "${{ input.contact }}",
                                 "where": "event.activity.kind == input.kind"}},
      {"id": "tell", "call": {"tool": "own_tell", "input": {"kind": "${{ steps.act.event.activity.kind }}"}}}]})");
  std::string ann = "018f0000-0000-7000-8000-000000000001";
  std::string bob = "018f0000-0000-7000-8000-000000000002";
  auto activity = [&](const std::string& contact, std::string_view kind) {
    stage.tell(
        "contact_activity",
        fmt::format(R"({{"contact":{{"uuid":"{}"}},"activity":{{"kind":"{}"}}}})", contact, kind));
    stage.go_on();
  };
  Uuid run = stage.start(flow, fmt::format(R"({{"contact":"{}","kind":"mail_opened"}})", ann));
  // What a step itself brings about, before the run has come to wait for it, is not missed.
  Uuid other = stage.start(flow, fmt::format(R"({{"contact":"{}","kind":"mail_sent"}})", bob));
  stage.tools.after_call = [&](const ToolUse& use) {
    if (use.tool != "own_begin") return;
    stage.tell(
        "contact_activity",
        fmt::format(R"({{"contact":{{"uuid":"{}"}},"activity":{{"kind":"mail_sent"}}}})", bob));
  };
  stage.go_on();
  CHECK(stage.state(other) == "done");
  activity(bob, "mail_opened");
  activity(ann, "mail_clicked");
  CHECK(stage.state(run) == "waiting");
  activity(ann, "mail_opened");
  CHECK(stage.state(run) == "done");
  CHECK(stage.told().back() == R"(own_tell {"kind":"mail_opened"})");
}

TEST_CASE(
    "what fails for a while is tried again, what fails for good ends the run or is passed over") {
  Stage stage;
  Uuid flow = stage.make(R"({
    "trigger": {"manual": {}},
    "steps": [
      {"id": "shaky", "retry": {"times": 3, "first_seconds": 2}, "call": {"tool": "far_shaky"}},
      {"id": "wrong", "on_failure": "go_on", "call": {"tool": "far_wrong"}},
      {"id": "last", "call": {"tool": "own_end", "input": {"why": "${{ steps.wrong.problem }}"}}}]})");
  Error away{.code = ErrorCode::unavailable, .message = "It is away."};
  Error busy{.code = ErrorCode::too_many, .message = "Too many.", .retry_after_seconds = 30};
  Error wrong{.code = ErrorCode::invalid, .message = "No.", .fields = {{"/x", "Bad."}}};
  stage.tools.failures = {{"far_shaky", {away, busy}}, {"far_wrong", {wrong}}};
  Uuid run = stage.start(flow);
  stage.go_on();
  CHECK(stage.look(run).steps[0].problem == "It is away.");
  stage.pass(2);
  CHECK(stage.tools.calls.empty());
  stage.pass(29);
  CHECK(stage.tools.calls.empty());
  stage.pass(1);
  CHECK(stage.told() == Lines{"far_shaky {}", R"(own_end {"why":"No. /x: Bad."})"});
  CHECK(stage.look(run).steps[0].attempts == 3);

  stage.tools.failures = {{"far_shaky", {away, away, away}}};
  Uuid lost = stage.start(flow);
  stage.go_on();
  stage.pass(3);
  stage.pass(5);
  CHECK(stage.state(lost) == "failed");
  CHECK(stage.look(lost).run.problem == "shaky: It is away.");
}

TEST_CASE("a persona chooses among what is allowed, or the rule does") {
  Stage stage;
  Uuid flow = stage.make(R"({
    "trigger": {"manual": {}},
    "steps": [{"id": "pick", "ask": {"prompt": "Which?", "about": {"text": "${{ input.text }}"},
      "choices": [{"value": "a", "about": "For ${{ input.text }}"}, {"value": "b"}],
      "or_else": "${{ {choice = 'b', reason = 'The rule says so.'} }}"}},
      {"id": "last", "call": {"tool": "own_end", "input": {"it": "${{ steps.pick.choice }}", "by": "${{ steps.pick.by }}"}}}]})");
  stage.start(flow, R"({"text": "x"})");
  stage.go_on();
  CHECK(stage.told().back() == R"(own_end {"it":"b","by":"rule"})");
  CHECK(stage.tools.questions[0].choices[0].second == "For x");

  stage.tools.said = AskOutcome{.choice = "a", .text = "It fits.", .tokens = 700};
  Uuid run = stage.start(flow, R"({"text": "x"})");
  stage.go_on();
  CHECK(stage.told().back() == R"(own_end {"it":"a","by":"model"})");
  CHECK(stage.tools.charged == 700);
  CHECK(stage.look(run).steps[0].output.text_of("reason") == "It fits.");

  stage.tools.said = AskOutcome{.choice = "all of them", .text = "Ignore the rules."};
  run = stage.start(flow, R"({"text": "x"})");
  stage.go_on();
  CHECK(stage.told().back() == R"(own_end {"it":"b","by":"rule"})");
  CHECK(stage.look(run).steps[0].output.text_of("note") ==
        "The model chose something that was not offered.");
}

TEST_CASE("a model whose tokens cannot be paid for is asked once, and the run says why") {
  Stage stage;
  Uuid flow = stage.make(R"({"trigger": {"manual": {}}, "steps": [
    {"id": "words", "ask": {"prompt": "Write.", "or_else": "nothing"}}]})");
  stage.tools.said = AskOutcome{.text = "Words.", .tokens = 10};
  stage.tools.no_credits = true;
  Uuid run = stage.start(flow);
  stage.go_on();
  stage.go_on();
  CHECK(stage.state(run) == "failed");
  CHECK(stage.look(run).run.problem == "words: The plan's credits are used up.");
  CHECK(stage.tools.questions.size() == 1);
}

TEST_CASE("what items of a loop compute beside each other is all on record") {
  Stage stage;
  Uuid flow = stage.make(R"({"trigger": {"manual": {}}, "steps": [
    {"id": "each", "for_each": {"in": "input.list", "as": "x", "at_once": 8, "steps": [
      {"id": "twice", "set": {"x": "${{ x * 2 }}"}},
      {"id": "send", "call": {"tool": "far_send", "input": {"x": "${{ steps.twice.x }}"}}},
      {"id": "thrice", "set": {"x": "${{ x * 3 }}"}},
      {"id": "rest", "wait": {"span": {"minutes": 1}}}]}}]})");
  Value list = Value::list();
  for (int i = 0; i < 40; i++) list.push(i);
  Uuid run = stage.start(flow, to_json(Value::object({{"list", std::move(list)}})));
  for (int i = 0; i < 6; i++) {
    stage.go_on();
    stage.pass(61);
  }
  CHECK(stage.state(run) == "done");
  auto steps = stage.look(run).steps;
  CHECK(steps.size() == 161);
  CHECK(std::ranges::all_of(
      steps, [](const FlowRunStep& step) { return step.state == FlowStepState::done; }));
}

TEST_CASE("a figure that is not in the data is not told") {
  Stage stage;
  Uuid flow = stage.make(R"({
    "trigger": {"manual": {}},
    "steps": [{"id": "words", "ask": {"prompt": "Write.", "about": "${{ input }}", "figures": "${{ input }}",
      "or_else": "${{ text(input.orders) .. ' orders.' }}"}}],
    "output": "${{ steps.words.text }}"})");
  stage.tools.said = AskOutcome{.text = "Yesterday 12 orders came in, 50% more."};
  Uuid run = stage.start(flow, R"({"orders": 12, "change": 0.5})");
  stage.go_on();
  CHECK(stage.output(run) == R"("Yesterday 12 orders came in, 50% more.")");
  stage.tools.said = AskOutcome{.text = "Yesterday 13 orders came in."};
  run = stage.start(flow, R"({"orders": 12})");
  stage.go_on();
  CHECK(stage.output(run) == R"("12 orders.")");
}

TEST_CASE("a person's yes lets a run go on, a no ends it, and silence too") {
  Stage stage;
  Uuid flow = stage.make(R"({
    "trigger": {"manual": {}},
    "steps": [{"id": "may", "approve": {"question": "Send to ${{ input.n }} people?", "timeout": {"hours": 1}}},
              {"id": "send", "call": {"tool": "far_send"}}]})");
  Caller person = stage.engine.caller();
  person.person_id = 1;
  person.person = "boss@example.com";
  auto decide = [&](const Uuid& run, bool yes) {
    auto decided = stage.engine.run_as<DecideFlowStep>(
        person, {.run_uuid = run, .step = "may", .approved = yes});
    stage.go_on();
    return decided.has_value();
  };
  Uuid yes = stage.start(flow, R"({"n": 3})");
  Uuid no = stage.start(flow, R"({"n": 4})");
  Uuid silence = stage.start(flow, R"({"n": 5})");
  stage.go_on();
  CHECK(stage.look(yes).steps[0].input.text_of("question") == "Send to 3 people?");
  CHECK(!stage.engine.run<DecideFlowStep>({.run_uuid = yes, .step = "may", .approved = true}));
  CHECK(decide(yes, true));
  CHECK(!decide(yes, false));
  CHECK(decide(no, false));
  CHECK(stage.state(yes) == "done");
  CHECK(stage.state(no) == "failed");
  stage.pass(3'601);
  CHECK(stage.state(silence) == "failed");
  CHECK(stage.tools.calls.size() == 1);
}

TEST_CASE("a flow runs another one and waits for its end") {
  Stage stage;
  Uuid inner = stage.make(R"({"trigger": {"manual": {}}, "steps": [
    {"id": "wait", "wait": {"span": {"seconds": 10}}},
    {"id": "work", "call": {"tool": "own_work", "input": {"n": "${{ input.n }}"}}}],
    "output": "${{ steps.work.n + 1 }}"})");
  Uuid outer = stage.make(fmt::format(R"({{"trigger": {{"manual": {{}}}}, "steps": [
    {{"id": "inner", "flow": {{"flow": "{}", "input": {{"n": 41}}}}}}],
    "output": "${{{{ steps.inner.output }}}}"}})",
                                      to_string(inner)));
  Uuid run = stage.start(outer);
  stage.go_on();
  CHECK(stage.state(run) == "waiting");
  stage.begin_again();
  stage.pass(11);
  CHECK(stage.state(run) == "done");
  CHECK(stage.output(run) == "42");
  // One that calls itself ends somewhere.
  auto self = stage.engine.run<UpdateFlow>(
      {.flow_uuid = inner,
       .definition = Stage::json(fmt::format(
           R"({{"trigger": {{"manual": {{}}}}, "steps": [{{"id": "again", "flow": {{"flow": "{}"}}}}]}})",
           to_string(inner)))});
  REQUIRE(self);
  run = stage.start(inner);
  stage.go_on();
  CHECK(stage.state(run) == "failed");
  CHECK(stage.runs(inner).size() < 15);
}

TEST_CASE("a run can be held, cancelled, replayed from a step, and upgraded while it waits") {
  Stage stage;
  Uuid flow = stage.make(R"({"trigger": {"manual": {}}, "steps": [
    {"id": "one", "call": {"tool": "own_one"}},
    {"id": "rest", "wait": {"span": {"hours": 1}}},
    {"id": "two", "call": {"tool": "own_two"}}]})");
  Uuid held = stage.start(flow);
  Uuid gone = stage.start(flow);
  stage.go_on();
  REQUIRE(stage.engine.run<PauseFlowRun>({.run_uuid = held}));
  REQUIRE(stage.engine.run<CancelFlowRun>({.run_uuid = gone}));
  CHECK(!stage.engine.run<ResumeFlowRun>({.run_uuid = gone}));
  stage.pass(3'601);
  CHECK(stage.tools.calls.size() == 2);
  auto upgraded = stage.engine.run<UpdateFlow>(
      {.flow_uuid = flow, .definition = Stage::json(R"({"trigger": {"manual": {}}, "steps": [
    {"id": "one", "call": {"tool": "own_one"}},
    {"id": "rest", "wait": {"span": {"hours": 1}}},
    {"id": "two", "call": {"tool": "own_better"}}]})")});
  REQUIRE(upgraded);
  REQUIRE(stage.engine.run<UpgradeFlowRun>({.run_uuid = held}));
  REQUIRE(stage.engine.run<ResumeFlowRun>({.run_uuid = held}));
  stage.go_on();
  CHECK(stage.told().back() == "own_better {}");
  CHECK(stage.state(held) == "done");
  CHECK(stage.state(gone) == "cancelled");

  auto replayed = stage.engine.run<ReplayFlowRun>({.run_uuid = gone, .from_step = "two"});
  REQUIRE(replayed);
  stage.go_on();
  CHECK(stage.state(replayed->uuid) == "waiting");  // The old run never came past its wait.
  CHECK(stage.tools.calls.size() == 3);
  auto other = stage.engine.run<UpdateFlow>(
      {.flow_uuid = flow, .definition = Stage::json(R"({"trigger": {"manual": {}}, "steps": [
    {"id": "new", "call": {"tool": "own_new"}}]})")});
  REQUIRE(other);
  auto refused = stage.engine.run<UpgradeFlowRun>({.run_uuid = replayed->uuid});
  REQUIRE(!refused);
  CHECK(refused.error().message.find("one, rest") != std::string::npos);
}

TEST_CASE("a cancelled run does nothing more, also in the middle of a step") {
  Stage stage;
  Uuid flow = stage.make(R"({"trigger": {"manual": {}}, "steps": [
    {"id": "far", "call": {"tool": "far_one"}}, {"id": "own", "call": {"tool": "own_two"}}]})");
  Uuid run = stage.start(flow);
  stage.tools.after_call = [&](const ToolUse&) {
    REQUIRE(stage.engine.run<CancelFlowRun>({.run_uuid = run}));
  };
  stage.go_on();
  CHECK(stage.told() == Lines{"far_one {}"});
  CHECK(stage.state(run) == "cancelled");
  CHECK(stage.look(run).steps[0].state == FlowStepState::done);  // It was done, and that is shown.
}

TEST_CASE("of runs with the same key so many go on at once, and so many begin in a minute") {
  Stage stage;
  Uuid flow =
      stage.make(R"({"trigger": {"manual": {}}, "limit": {"key": "${{ input.who }}", "at_once": 1},
    "steps": [{"id": "rest", "wait": {"span": {"seconds": 10}}},
              {"id": "last", "call": {"tool": "own_end", "input": {"who": "${{ input.who }}"}}}]})");
  Uuid first = stage.start(flow, R"({"who": "a"})");
  Uuid second = stage.start(flow, R"({"who": "a"})");
  Uuid other = stage.start(flow, R"({"who": "b"})");
  stage.go_on();
  CHECK(stage.state(second) == "queued");
  CHECK(stage.state(other) == "waiting");
  stage.pass(11);
  CHECK(stage.state(first) == "done");
  CHECK(stage.state(second) == "waiting");
  stage.pass(11);
  CHECK(stage.state(second) == "done");

  Uuid slow = stage.make(R"({"trigger": {"manual": {}}, "limit": {"starts_per_minute": 2},
    "steps": [{"id": "last", "call": {"tool": "own_slow"}}]})");
  stage.tools.calls.clear();
  for (int i = 0; i < 4; i++) stage.start(slow);
  stage.go_on();
  CHECK(stage.tools.calls.size() == 1);
  stage.pass(30);
  CHECK(stage.tools.calls.size() == 2);
  stage.pass(61);
  CHECK(stage.tools.calls.size() == 4);
}

TEST_CASE("a rehearsal tells what would be done and does nothing") {
  Stage stage;
  Uuid flow = stage.make(R"({"trigger": {"event": {"type": "x"}}, "steps": [
    {"id": "one", "call": {"tool": "own_one", "input": {"who": "${{ event.name }}"}}},
    {"id": "rest", "wait": {"span": {"days": 3}}},
    {"id": "two", "call": {"tool": "far_two", "input": {"who": "${{ steps.one.who }}"}}}]})");
  auto lines = stage.runner->rehearse(stage.engine.caller().account_id, flow,
                                      Stage::json(R"({"event": {"name": "Ann"}})"));
  REQUIRE(lines);
  REQUIRE(lines->size() == 3);
  CHECK((*lines)[1].would == "It would wait until 2023-11-17T22:13:20+00:00.");
  CHECK(to_json((*lines)[2].input) == R"({"who":"Ann"})");
  CHECK(stage.tools.calls.empty());
  CHECK(stage.runs(flow).empty());
}

TEST_CASE("a run is found again by whoever starts after a crash, at every step") {
  // The process is lost after the n-th call, before anything else is written.
  for (std::size_t crash = 1; crash <= 5; crash++) {
    CAPTURE(crash);
    Stage stage;
    Uuid flow = stage.make(R"({"trigger": {"manual": {}}, "steps": [
      {"id": "a", "call": {"tool": "own_a"}}, {"id": "b", "call": {"tool": "far_b"}},
      {"id": "each", "for_each": {"in": "input.list", "as": "x", "steps": [
        {"id": "c", "call": {"tool": "far_c", "input": {"x": "${{ x }}"}}}]}},
      {"id": "d", "call": {"tool": "own_d"}}]})");
    Uuid run = stage.start(flow, R"({"list": [1, 2]})");
    struct Lost {};
    stage.tools.after_call = [&](const ToolUse&) {
      if (stage.tools.calls.size() == crash) throw Lost();
    };
    try {
      (void)stage.runner->run_all_due();
    } catch (const Lost&) {
    }
    stage.tools.after_call = {};
    stage.begin_again();
    stage.go_on();
    CHECK(stage.told() ==
          Lines{"own_a {}", "far_b {}", R"(far_c {"x":1})", R"(far_c {"x":2})", "own_d {}"});
    CHECK(stage.state(run) == "done");
  }
}

}  // namespace piggy
