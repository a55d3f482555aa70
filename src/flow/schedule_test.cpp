#include "base/sanitized.h"
#include "flow/test_stage.h"

namespace piggy {
namespace {

std::string daily(std::string_view zone, std::string_view more = "") {
  return fmt::format(
      R"({{"trigger": {{"schedule": {{"zone": "{}", "times": ["09:00"]{}}}}}, "steps": [
    {{"id": "tell", "call": {{"tool": "own_tell", "input": {{"date": "${{{{ tick.date }}}}", "yesterday": "${{{{ tick.yesterday }}}}"}}}}}}]}})",
      zone, more);
}

void at(Stage& stage, std::string_view moment) {
  stage.engine.clock().time = *parse_time(moment);
  stage.go_on();
}

}  // namespace

TEST_CASE("a schedule runs at its time by the wall, once, and knows the day before") {
  Stage stage;
  at(stage, "2026-03-27T07:00:00Z");
  Uuid flow = stage.make(daily("Europe/Amsterdam"));
  at(stage, "2026-03-27T07:59:59Z");
  CHECK(stage.runs(flow).empty());
  at(stage, "2026-03-27T08:00:00Z");
  at(stage, "2026-03-27T08:00:01Z");
  CHECK(stage.told() == Lines{R"(own_tell {"date":"2026-03-27","yesterday":"2026-03-26"})"});
  at(stage, "2026-03-28T08:00:00Z");
  at(stage, "2026-03-29T07:00:00Z");  // Summer time: nine is an hour earlier.
  CHECK(stage.told().size() == 3);
  CHECK(!stage.runs(flow)[0].late);
}

TEST_CASE("in twelve zones each nine o'clock comes once, over both changes of the clocks") {
  constexpr std::string_view all_zones[] = {
      "Europe/Amsterdam",    "Europe/London",    "Europe/Lisbon",       "America/New_York",
      "America/Los_Angeles", "America/St_Johns", "America/Sao_Paulo",   "Africa/Cairo",
      "Asia/Kolkata",        "Asia/Kathmandu",   "Australia/Lord_Howe", "Pacific/Auckland"};
  // Under a sanitizer three of them, among which those where half hours count.
  std::vector<std::string_view> zones;
  for (std::size_t i = 0; i < std::size(all_zones); i += sanitized ? 5 : 1) {
    zones.push_back(all_zones[i]);
  }
  Stage stage;
  at(stage, "2026-02-28T00:00:00Z");
  std::vector<Uuid> flows;
  for (std::string_view zone : zones) {
    flows.push_back(stage.make(daily(zone)));
  }
  // Two who look at the same time, and an outage of five hours over some of the ticks.
  FlowRunner second(stage.engine.database(), stage.tools);
  Time end = *parse_time("2026-12-01T00:00:00Z");
  std::int64_t step = 0;
  for (Time now = *parse_time("2026-02-28T00:00:00Z"); now < end;) {
    now = now + (step++ % 17 == 0 ? 5 : 2) * 3'600 * microseconds_per_second;
    stage.engine.clock().time = now;
    REQUIRE(second.run_all_due());
    REQUIRE(stage.runner->run_all_due());
  }
  std::map<std::string, int> dates;
  for (const ToolUse& use : stage.tools.calls) {
    dates[use.prompt + std::string(use.input.text_of("date"))]++;
  }
  std::size_t wanted = 0;
  for (std::string_view zone : zones) {
    Date first = local_date(*parse_time("2026-02-28T00:00:00Z"), zone);
    Recurrence nine{.zone = std::string(zone), .times = {"09:00"}};
    for (Tick tick = next_tick(nine, *parse_time("2026-02-28T00:00:00Z"));
         tick.at <= stage.engine.clock().now(); tick = next_tick(nine, tick)) {
      wanted++;
    }
    (void)first;
  }
  CHECK(dates.size() == wanted);
  CHECK(stage.tools.calls.size() == wanted);
}

TEST_CASE("what was missed is caught up as the flow says, and marked late") {
  auto missed = [](std::string_view more, std::string_view back) {
    Stage stage;
    at(stage, "2026-05-01T00:00:00Z");
    Uuid flow = stage.make(daily("UTC", more));
    at(stage, back);
    std::size_t runs = stage.tools.calls.size();
    if (runs > 0) CHECK(stage.runs(flow)[0].late);
    return runs;
  };
  CHECK(missed("", "2026-05-01T14:59:00Z") == 1);
  CHECK(missed("", "2026-05-01T15:01:00Z") == 0);  // More than six hours ago.
  CHECK(missed("", "2026-05-04T10:00:00Z") == 1);
  CHECK(missed(R"(, "catch_up": "none")", "2026-05-01T09:10:00Z") == 0);
  CHECK(missed(R"(, "catch_up": "all", "catch_up_hours": 72, "overlap": "allow")",
               "2026-05-04T10:00:00Z") == 3);
  CHECK(missed("", "2066-05-04T10:00:00Z") == 1);  // Years are not walked through day by day.
}

TEST_CASE("a changed hour counts from then on, and a flow that is off never runs") {
  Stage stage;
  at(stage, "2026-05-01T00:00:00Z");
  Uuid flow =
      stage.make(R"({"trigger": {"schedule": {"zone": "UTC", "times": ["${{ parameters.hour }}"]}},
    "parameters": [{"name": "hour", "label": "Hour", "kind": "time", "value": "09:00"}],
    "steps": [{"id": "tell", "call": {"tool": "own_tell"}}]})");
  auto changed = stage.engine.run<UpdateFlow>(
      {.flow_uuid = flow, .parameters = Stage::json(R"({"hour": "08:30"})")});
  REQUIRE(changed);
  CHECK(changed->flow.version == 2);
  CHECK(changed->flow.next_runs[0] == parse_time("2026-05-01T08:30:00Z"));
  CHECK(changed->flow.next_runs.size() == 5);
  at(stage, "2026-05-01T08:30:00Z");
  at(stage, "2026-05-01T09:00:00Z");
  CHECK(stage.tools.calls.size() == 1);
  REQUIRE(stage.engine.run<UpdateFlow>({.flow_uuid = flow, .enabled = false}));
  at(stage, "2026-05-03T09:00:00Z");
  CHECK(stage.tools.calls.size() == 1);
  REQUIRE(stage.engine.run<UpdateFlow>({.flow_uuid = flow, .enabled = true}));
  at(stage, "2026-05-03T09:01:00Z");
  CHECK(stage.tools.calls.size() == 1);  // What it slept through is not caught up.
  at(stage, "2026-05-04T08:30:00Z");
  CHECK(stage.tools.calls.size() == 2);
  auto wrong = stage.engine.run<UpdateFlow>(
      {.flow_uuid = flow, .parameters = Stage::json(R"({"hour": "25:00", "nope": 1})")});
  REQUIRE(!wrong);
  CHECK(wrong.error().fields.size() == 2);
}

TEST_CASE("a run that goes on still lets the next one be skipped, wait, or begin") {
  auto ran = [](std::string_view overlap) {
    Stage stage;
    at(stage, "2026-05-01T00:00:00Z");
    Uuid flow = stage.make(fmt::format(
        R"({{"trigger": {{"schedule": {{"zone": "UTC", "times": ["09:00", "10:00"], "overlap": "{}"}}}},
        "steps": [{{"id": "rest", "wait": {{"span": {{"hours": 2}}}}}}, {{"id": "tell", "call": {{"tool": "own_tell"}}}}]}})",
        overlap));
    at(stage, "2026-05-01T09:00:00Z");
    at(stage, "2026-05-01T10:00:00Z");
    std::string states;
    for (const FlowRun& run : stage.runs(flow)) states += std::string(word_of(run.state)) + " ";
    at(stage, "2026-05-01T12:00:00Z");
    at(stage, "2026-05-01T14:00:00Z");
    return states + std::to_string(stage.tools.calls.size());
  };
  CHECK(ran("skip") == "skipped waiting 1");
  CHECK(ran("queue") == "queued waiting 2");
  CHECK(ran("allow") == "waiting waiting 2");
}

}  // namespace piggy
