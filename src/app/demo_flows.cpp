#include "app/demo_flows.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "app/demo_calls.h"
#include "flow/template_operations.h"

namespace piggy {
namespace {

constexpr std::string_view persona_name = "Mara";
// What the stand-ins take (test/services/demo_services.py); they keep nothing worth a secret.
constexpr std::string_view slack_key = "xoxb-demo";
constexpr std::string_view sender_key = "piggy:demo";
constexpr std::string_view sender_list = "3";

struct Letter {
  std::string_view name;
  std::string_view subject;
  std::string_view text;
};
constexpr Letter letters[] = {
    {"nurture", "Your guide to honey",
     "here is the guide. Start with page three: how to tell good honey by its colour."},
    {"warm", "Your guide, and which honey suits you",
     "here is the guide. Tell us what you eat it with, and we say which jar to try first."},
    {"hot", "Your guide, and a jar to go with it",
     "here is the guide. Come by this week: a jar of heather honey waits for you."}};

// The flow made of a template; null when there is none.
Result<Value> flow_of_template(DemoCalls& calls, std::string_view name) {
  TRY(calls.call("list_flows", "{}"));
  Value listed = calls.last();
  for (const Value& flow : *listed.find("flows")->items()) {
    if (flow.text_of("template_name") == name) return flow;
  }
  return Value();
}

class DemoFlow {
 public:
  DemoFlow(Engine& engine, const RunConfiguration& configuration, std::string_view template_name)
      : calls_(engine, fmt::format("demo-{}", template_name)),
        services_(configuration.demo_services.value_or("")),
        template_(template_name) {}

  Result<> make() {
    TRY(calls_.begin());
    if (!TRY(flow_of_template(calls_, template_)).is_null()) return {};
    bool alone = template_ == "lead_magnet";
    if (!alone && services_.empty()) return {};
    // What happens from here on is seen by those who follow, also when they were never here before.
    TRY(calls_.engine().followers().catch_up());
    persona_ = TRY(find_persona());
    if (alone) return make_lead_magnet();
    return template_ == "daily_rollup" ? make_rollup() : make_refresh();
  }

 private:
  Result<std::string> find_persona() {
    TRY(calls_.call("list_personas", "{}"));
    Value listed = calls_.last();
    for (const Value& persona : *listed.find("personas")->items()) {
      if (persona.text_of("name") == persona_name) return std::string(persona.text_of("uuid"));
    }
    return fail(ErrorCode::not_found, fmt::format("There is no persona {}.", persona_name));
  }

  // With the grants it needs. Returns the flow's uuid.
  Result<std::string> install(std::string_view parameters) {
    TRY(calls_.call("install_flow_template",
                    fmt::format(R"({{"template_name":"{}","persona_uuid":"{}","grant":true,)"
                                R"("parameters":{}}})",
                                template_, persona_, parameters)));
    Value made = calls_.last();
    return std::string(made.find("flow")->text_of("uuid"));
  }
  Result<> install_and_run(std::string_view parameters) {
    std::string flow = TRY(install(parameters));
    return calls_.call("run_flow", fmt::format(R"({{"flow_uuid":"{}"}})", flow));
  }

  Result<> make_lead_magnet() {
    std::string purpose = TRY(calls_.make("create_subscription_type",
                                          R"({"name":"Letters about honey",)"
                                          R"("description":"The guide, and what goes with it.",)"
                                          R"("strategy":"OPT_IN"})"));
    TRY(calls_.call("set_mail_sender", R"({"name":"The Honey Shop",)"
                                       R"("postal_address":"Harbour Street 1\n1000 AA Hive"})"));
    std::string parameters;
    for (const Letter& letter : letters) {
      parameters +=
          fmt::format(R"(,"{}_sequence":"{}")", letter.name, TRY(make_sequence(letter, purpose)));
    }
    std::string form = TRY(calls_.make(
        "create_form",
        fmt::format(R"({{"name":"Guide to honey","type":"PUBLIC","status":"PUBLISHED","fields":[)"
                    R"({{"name":"email","label":"E-mail","type":"email","required":true}},)"
                    R"({{"name":"firstname","label":"First name","attribute":"firstname"}},)"
                    R"({{"name":"letters","label":"Letters","type":"consent","required":true,)"
                    R"("text":"Send me the guide and letters about honey.",)"
                    R"("subscription_type_uuid":"{}"}}]}})",
                    purpose)));
    TRY(install(fmt::format(R"({{"form_uuid":"{}"{}}})", form, parameters)));
    return calls_.call("submit_form", fmt::format(R"({{"uuid":"{}","email":"nora@example.com",)"
                                                  R"("firstname":"Nora","letters":true}})",
                                                  form));
  }

  Result<std::string> make_sequence(const Letter& letter, std::string_view purpose) {
    std::string first = TRY(make_template(letter.name, letter.subject, letter.text, purpose));
    std::string second =
        TRY(make_template(fmt::format("{}, second", letter.name), "How was the guide?",
                          "did you find your honey? Just answer this mail.", purpose));
    return calls_.make(
        "create_sequence",
        fmt::format(R"({{"name":"{}","description":"For {} leads.","subscription_type_uuid":"{}",)"
                    R"("steps":[{{"template_uuid":"{}","wait_seconds":0}},)"
                    R"({{"template_uuid":"{}","wait_days":3}}]}})",
                    letter.name, letter.name, purpose, first, second));
  }

  Result<std::string> make_template(std::string_view name, std::string_view subject,
                                    std::string_view text, std::string_view purpose) {
    return calls_.make(
        "create_mail_template",
        fmt::format(R"({{"name":"{}","subject":"{}","subscription_type_uuid":"{}",)"
                    R"("html":"<p>Dear {{{{ contact.firstname | default: \"friend\" }}}},</p>)"
                    R"(<p>{}</p><p><a href=\"https://shop.example/guide\">The guide</a></p>"}})",
                    name, subject, purpose, text));
  }

  Result<> make_rollup() {
    std::string handle = TRY(connect("slack", slack_key, "/slack/api"));
    return install_and_run(fmt::format(R"({{"team":["demo@example.com"],"slack":"{}"}})", handle));
  }

  Result<> make_refresh() {
    std::string handle = TRY(connect("listmonk", sender_key, "/listmonk"));
    std::string segment = TRY(calls_.make(
        "create_segment",
        R"({"name":"New and active","description":"Came within a week, and did something.",)"
        R"("conditions":{"all":[{"field":"created_at","is":"within_days","value":7},)"
        R"({"any":[{"field":"last_transaction_at","is":"within_days","value":7},)"
        R"({"field":"activity","days":7,)"
        R"("kind":["form_submitted","mail_clicked","voucher_redeemed"]}]}]}})"));
    return install_and_run(fmt::format(R"({{"segment_uuid":"{}","connection":"{}","list":"{}"}})",
                                       segment, handle, sender_list));
  }

  // Returns the connection's handle.
  Result<std::string> connect(std::string_view connector, std::string_view key,
                              std::string_view path) {
    TRY(calls_.call("create_connection",
                    fmt::format(R"({{"connector":"{}","key":"{}","base_url":"{}{}"}})", connector,
                                key, services_, path)));
    return std::string(calls_.last().text_of("handle"));
  }

  DemoCalls calls_;
  const std::string services_;
  const std::string_view template_;
  std::string persona_;
};

}  // namespace

Result<> make_demo_flows(Engine& engine, const RunConfiguration& configuration) {
  for (const FlowTemplate& one : flow_templates()) {
    Result<> made = DemoFlow(engine, configuration, one.name).make();
    if (made) continue;
    std::string why = made.error().message;
    for (const FieldError& field : made.error().fields) why += " " + field.message;
    spdlog::warn("the demo is without {}: {}", one.title, why);
  }
  return {};
}

Result<std::string> demo_flows_help(Engine& engine, const RunConfiguration& configuration,
                                    const std::string& at) {
  DemoCalls calls(engine, "demo");
  TRY(calls.begin());
  Value flow = TRY(flow_of_template(calls, "lead_magnet"));
  if (flow.is_null()) return std::string();
  std::string form;
  for (const Value& parameter : *flow.find("parameters")->items()) {
    if (parameter.text_of("name") == "form_uuid") form = parameter.text_of("value");
  }
  std::string help = fmt::format(
      "  Who sends in this form becomes a lead and gets a letter, as Nora did just now:\n\n"
      "    {}/forms/{}\n\n",
      at, form);
  help += configuration.demo_services
              ? fmt::format(
                    "  Her letter, yesterday in a paragraph for the team in Slack, and a "
                    "segment at a sender\n  of mail, by three flows, within a minute on\n\n"
                    "    {}\n\n"
                    "  What came of yesterday's mails is a seeded model's.",
                    *configuration.demo_services)
              : fmt::format(
                    "  It lies in {}. Two more flows want Slack and a sender of mail: "
                    "./dev run has\n  stand-ins for them.",
                    configuration.smtp_url ? "the mail server" : configuration.outbox_folder());
  help += fmt::format(
      " The runs, step by step:\n\n"
      "    piggy call list_flow_runs --account {0} --data {1}\n"
      "    piggy call get_flow_run --account {0} --data {1} --run-uuid UUID\n",
      demo_account, configuration.data);
  return help;
}

}  // namespace piggy
