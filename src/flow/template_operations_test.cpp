#include "flow/template_operations.h"

#include "app/engine.h"
#include "flow/test_stage.h"
#include "segment/operations.h"

namespace piggy {
namespace {

class Shelf : public Stage {
 public:
  Result<FlowWithSteps> install(std::string_view name, std::string_view parameters, bool grant) {
    return engine.run<InstallFlowTemplate>({.template_name = std::string(name),
                                            .persona_uuid = persona,
                                            .parameters = json(parameters),
                                            .grant = grant},
                                           described.connections);
  }

  // "path: message" of each problem.
  Lines problems(std::string_view name, std::string_view parameters) {
    auto made = install(name, parameters, false);
    REQUIRE(!made);
    Lines lines;
    for (const FieldError& field : made.error().fields) {
      lines.push_back(field.path + ": " + field.message);
    }
    return lines;
  }

  DescribedOperations described = {};
};

}  // namespace

TEST_CASE("all that a template lacks is named at once, and nothing is made") {
  Shelf shelf;
  CHECK(shelf.problems("daily_rollup", R"({"team":"nobody","slack":"slack"})") ==
        Lines{"/parameters/slack: There is no connection slack; create_connection makes one.",
              "/persona_uuid: The persona has not been granted piggy_get_daily_summary; `grant` "
              "grants it, or grant_tools within limits.",
              "/persona_uuid: The persona has not been granted slack_send_direct_message; `grant` "
              "grants it, or grant_tools within limits.",
              "/parameters/team: This must be a list of e-mail addresses."});
  Lines lacking = shelf.problems(
      "lead_magnet", R"({"form_uuid":"01a2246c-0000-7000-8000-000000000000","colour":"red"})");
  auto named = [&](std::string_view path) {
    return std::ranges::count_if(lacking, [&](const std::string& line) {
      return line.starts_with(std::string(path) + ":");
    });
  };
  for (std::string_view path :
       {"/parameters/form_uuid", "/parameters/nurture_sequence", "/parameters/warm_sequence",
        "/parameters/hot_sequence", "/parameters/colour"}) {
    CAPTURE(path);
    CHECK(named(path) == 1);
  }
  CHECK(named("/persona_uuid") == 2);
  auto flows = shelf.engine.run<ListFlows>({});
  REQUIRE(flows);
  CHECK(flows->flows.empty());
}

TEST_CASE("a template is installed with the grants it wants when somebody says so and may") {
  Shelf shelf;
  REQUIRE(shelf.engine.write([&](Transaction& transaction) -> Result<> {
    return add_connection(transaction, {.id = transaction.next_id(),
                                        .uuid = transaction.next_uuid(),
                                        .connector = "csv",
                                        .name = "Files",
                                        .handle = "files"});
  }));
  auto tools = [&] {
    auto personas = shelf.engine.run<ListPersonas>({});
    REQUIRE(personas);
    Lines names;
    for (const ToolGrant& grant : personas->personas[0].grants) names.push_back(grant.tool);
    std::ranges::sort(names);
    return names;
  };
  constexpr std::string_view no_segment =
      R"({"segment_uuid":"01a2246c-0000-7000-8000-000000000000","connection":"files","list":"x"})";
  auto refused = shelf.install("segment_refresh", no_segment, true);
  REQUIRE(!refused);
  CHECK(refused.error().fields.size() == 1);
  CHECK(tools().empty());

  auto segment = shelf.engine.run<CreateSegment>({.name = "By hand"});
  REQUIRE(segment);
  std::string parameters = fmt::format(R"({{"segment_uuid":"{}","connection":"files","list":"x"}})",
                                       to_string(segment->uuid));
  Caller helper = shelf.engine.caller();
  helper.scopes = {"flows:write"};
  InstallFlowTemplate::Input input{.template_name = "segment_refresh",
                                   .persona_uuid = shelf.persona,
                                   .parameters = Stage::json(parameters),
                                   .grant = true};
  auto forbidden =
      shelf.engine.run_as<InstallFlowTemplate>(helper, input, shelf.described.connections);
  REQUIRE(!forbidden);
  CHECK(forbidden.error().fields.size() == 2);
  CHECK(tools().empty());

  auto made = shelf.install("segment_refresh", parameters, true);
  REQUIRE(made);
  CHECK(made->flow.enabled);
  CHECK(tools() == Lines{"piggy_push_segment", "piggy_refresh_segment"});
}

}  // namespace piggy
