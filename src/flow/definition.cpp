#include "flow/definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "flow/expression.h"
#include "shape/json.h"
#include "shape/read.h"
#include "shape/schema.h"

namespace piggy {
namespace {

constexpr std::size_t steps_max = 200;
constexpr int depth_max = 6;

bool is_identifier(std::string_view name) {
  auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && name.size() <= 40 && name[0] >= 'a' && name[0] <= 'z' &&
         std::ranges::all_of(name, plain);
}

constexpr std::string_view taken_names[] = {
    "steps", "event",  "tick",     "input", "parameters", "run",   "and",  "or",    "not", "nil",
    "true",  "false",  "function", "end",   "if",         "then",  "else", "for",   "in",  "do",
    "while", "repeat", "until",    "local", "return",     "break", "goto", "elseif"};

bool is_free(std::string_view name) {
  return std::ranges::find(taken_names, name) == std::end(taken_names);
}

// Reads a part that has a shape; its problems get the path of where it stands.
template <class T>
std::optional<T> read_part(const Value& value, const std::string& path,
                           std::vector<FieldError>& problems) {
  auto part = read<T>(value, Reading::strict);
  if (part) return *std::move(part);
  for (FieldError& field : part.error().fields) {
    problems.push_back({path + field.path, std::move(field.message)});
  }
  if (part.error().fields.empty()) problems.push_back({path, part.error().message});
  return std::nullopt;
}

// Reads steps within steps, and looks at every expression.
class Reader {
 public:
  explicit Reader(std::vector<FieldError>& problems) : problems_(problems) {}

  std::vector<FlowStep> steps(const std::vector<Value>& values, const std::string& path,
                              int depth = 0) {
    std::vector<FlowStep> steps;
    if (depth > depth_max) {
      problems_.push_back({path, fmt::format("Steps may lie {} deep.", depth_max)});
      return steps;
    }
    for (std::size_t i = 0; i < values.size(); i++) {
      std::string here = fmt::format("{}/{}", path, i);
      auto fields = read_part<StepFields>(values[i], here, problems_);
      if (!fields) continue;
      FlowStep& step = steps.emplace_back(FlowStep{*std::move(fields)});
      check(step, here);
      read_inner(step, here, depth);
    }
    return steps;
  }

  // Of what stands in expressions, once all steps are known.
  void check_references(const Value& value, const std::string& path) {
    if (const auto* items = value.items()) {
      for (std::size_t i = 0; i < items->size(); i++) {
        check_references((*items)[i], fmt::format("{}/{}", path, i));
      }
    } else if (const auto* members = value.members()) {
      for (const Member& member : *members) {
        check_references(member.value, fmt::format("{}/{}", path, member.name));
      }
    } else if (const auto* text = value.text()) {
      look_for_steps(*text, path);
    }
  }

  std::size_t count() const { return ids_.size(); }

 private:
  void problem(const std::string& path, std::string message) {
    problems_.push_back({path, std::move(message)});
  }

  void expression(const std::optional<std::string>& text, const std::string& path) {
    if (text) check_expression(*text, path, problems_);
  }

  void check(const FlowStep& step, const std::string& path) {
    if (!is_identifier(step.id) || !is_free(step.id)) {
      problem(path + "/id",
              "An id is made of a-z, 0-9 and _, begins with a letter, and is no word "
              "of expressions.");
    } else if (!ids_.insert(step.id).second) {
      problem(path + "/id", fmt::format("There is another step called {}.", step.id));
    }
    int kinds = (step.call ? 1 : 0) + (step.ask ? 1 : 0) + (step.set ? 1 : 0) +
                (step.branch ? 1 : 0) + (step.choose ? 1 : 0) + (step.for_each ? 1 : 0) +
                (step.wait ? 1 : 0) + (step.wait_for ? 1 : 0) + (step.approve ? 1 : 0) +
                (step.flow ? 1 : 0) + (step.stop ? 1 : 0);
    if (kinds != 1) {
      problem(path,
              "A step does exactly one thing: call, ask, set, branch, choose, for_each, wait, "
              "wait_for, approve, flow or stop.");
    }
    expression(step.when, path + "/when");
    if (step.call) {
      check_expressions(Value(step.call->tool), path + "/call/tool", problems_);
      if (step.call->input) check_expressions(*step.call->input, path + "/call/input", problems_);
      if (step.call->input && !step.call->input->members()) {
        problem(path + "/call/input", "The input of a tool is an object.");
      }
    }
    if (step.ask) check_ask(*step.ask, path + "/ask");
    if (step.set) {
      check_expressions(*step.set, path + "/set", problems_);
      if (!step.set->members()) problem(path + "/set", "What is set is an object of values.");
    }
    if (step.wait) check_wait(*step.wait, path + "/wait");
    if (step.wait_for) {
      expression(step.wait_for->where, path + "/wait_for/where");
      check_expressions(Value(step.wait_for->contact.value_or("")), path + "/wait_for/contact",
                        problems_);
    }
    if (step.approve) {
      check_expressions(Value(step.approve->question), path + "/approve/question", problems_);
    }
    if (step.flow && step.flow->input) {
      check_expressions(*step.flow->input, path + "/flow/input", problems_);
    }
    if (step.stop) {
      check_expressions(Value(step.stop->reason), path + "/stop/reason", problems_);
    }
  }

  void check_ask(const AskStep& ask, const std::string& path) {
    // What comes from outside must reach a model marked as data, hence not within the prompt.
    if (has_expression(ask.prompt)) {
      problem(path + "/prompt",
              "A prompt holds no expressions: give what it is about in `about`, which the model is "
              "shown as data.");
    }
    if (ask.about) check_expressions(*ask.about, path + "/about", problems_);
    if (ask.choices) check_expressions(*ask.choices, path + "/choices", problems_);
    if (ask.figures) check_expressions(*ask.figures, path + "/figures", problems_);
    check_expressions(ask.or_else, path + "/or_else", problems_);
    if (ask.or_else.is_null()) {
      problem(path + "/or_else", "It must say what is answered when no model is there.");
    }
  }

  void check_wait(const WaitStep& wait, const std::string& path) {
    int ways = (wait.span ? 1 : 0) + (wait.until ? 1 : 0) + (wait.next ? 1 : 0);
    if (ways != 1) problem(path, "A wait has one of span, until and next.");
    expression(wait.until, path + "/until");
    if (wait.next && wait.next->zone.find("${{") == std::string::npos) {
      Recurrence recurrence = wait.next->recurrence();
      if (recurrence.zone.empty()) recurrence.zone = "UTC";  // The account's, once it runs.
      check_recurrence(recurrence, path + "/next", problems_);
    }
  }

  void read_inner(FlowStep& step, const std::string& path, int depth) {
    auto read = [&](const std::vector<Value>& values, const std::string& where) {
      step.inner.push_back(steps(values, path + where, depth + 1));
    };
    const std::vector<Value> none;
    if (step.branch) {
      check_expression(step.branch->condition, path + "/branch/if", problems_);
      read(step.branch->then, "/branch/then");
      read(step.branch->otherwise.value_or(none), "/branch/else");
    } else if (step.choose) {
      check_expression(step.choose->on, path + "/choose/on", problems_);
      for (std::size_t i = 0; i < step.choose->cases.size(); i++) {
        read(step.choose->cases[i].steps, fmt::format("/choose/cases/{}/steps", i));
      }
      read(step.choose->otherwise.value_or(none), "/choose/otherwise");
    } else if (step.for_each) {
      check_expression(step.for_each->in, path + "/for_each/in", problems_);
      if (!is_identifier(step.for_each->as) || !is_free(step.for_each->as)) {
        problem(path + "/for_each/as",
                "A name is made of a-z, 0-9 and _, begins with a letter, and "
                "is no word of expressions.");
      }
      read(step.for_each->steps, "/for_each/steps");
    }
  }

  // A slip in the name of a step would show only when it is run.
  void look_for_steps(std::string_view text, const std::string& path) {
    constexpr std::string_view word = "steps.";
    bool whole = path.ends_with("/when") || path.ends_with("/if") || path.ends_with("/on") ||
                 path.ends_with("/in") || path.ends_with("/until") || path.ends_with("/where");
    if (!whole && text.find("${{") == std::string_view::npos) return;
    for (std::size_t at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + 1)) {
      if (at > 0 && (std::isalnum(static_cast<unsigned char>(text[at - 1])) ||
                     text[at - 1] == '.' || text[at - 1] == '_')) {
        continue;
      }
      std::size_t begin = at + word.size();
      std::size_t end = begin;
      while (end < text.size() &&
             (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_')) {
        end++;
      }
      std::string id(text.substr(begin, end - begin));
      if (!ids_.contains(id)) problem(path, fmt::format("There is no step called {}.", id));
    }
  }

  std::vector<FieldError>& problems_;
  std::set<std::string, std::less<>> ids_;
};

// What a parameter's value must be; "" when it is that.
std::string_view wrong_with(ParameterKind kind, const Value& value) {
  const std::string* text = value.text();
  switch (kind) {
    case ParameterKind::text:
      return text ? "" : "This must be a text.";
    case ParameterKind::integer:
      return value.integer() ? "" : "This must be an integer.";
    case ParameterKind::number:
      return value.integer() || value.number() ? "" : "This must be a number.";
    case ParameterKind::boolean:
      return value.boolean() ? "" : "This must be true or false.";
    case ParameterKind::uuid:
      return text && parse_uuid(*text) ? "" : "This must be a UUID.";
    case ParameterKind::email:
      return text && is_email(*text) ? "" : "This must be an e-mail address.";
    case ParameterKind::emails: {
      const auto* items = value.items();
      auto fine = [](const Value& one) { return one.text() && is_email(*one.text()); };
      return items && !items->empty() && std::ranges::all_of(*items, fine)
                 ? ""
                 : "This must be a list of e-mail addresses.";
    }
    case ParameterKind::time: {
      std::vector<FieldError> problems;
      if (text) check_recurrence({.zone = "UTC", .times = {*text}}, "", problems);
      return text && problems.empty() ? "" : "This must be a time of day such as 09:00.";
    }
    case ParameterKind::zone:
      return text && is_time_zone(*text) ? "" : "This must be an IANA time zone.";
  }
  return "";
}

Value values_of(const std::vector<FlowParameter>& parameters, const Value& given,
                std::vector<FieldError>& problems) {
  Value values = Value::object();
  for (const FlowParameter& parameter : parameters) {
    const Value* said = given.find(parameter.name);
    Value value = said && !said->is_null() ? *said : parameter.value.value_or(Value());
    std::string path = "/parameters/" + parameter.name;
    if (!value.is_null()) {
      std::string_view wrong = wrong_with(parameter.kind, value);
      if (!wrong.empty()) problems.push_back({path, std::string(wrong)});
    } else if (!parameter.optional.value_or(false)) {
      problems.push_back({path, fmt::format("{} must be said.", parameter.label)});
    }
    values.set(parameter.name, std::move(value));
  }
  if (const auto* members = given.members()) {
    for (const Member& member : *members) {
      if (!values.find(member.name)) {
        problems.push_back({"/parameters/" + member.name, "The flow has no such parameter."});
      }
    }
  }
  return values;
}

void check_trigger(FlowTrigger& trigger, std::string_view zone, std::vector<FieldError>& problems) {
  int kinds = (trigger.event ? 1 : 0) + (trigger.form ? 1 : 0) + (trigger.schedule ? 1 : 0) +
              (trigger.webhook ? 1 : 0) + (trigger.manual ? 1 : 0);
  if (kinds != 1) {
    problems.push_back(
        {"/trigger", "A flow has exactly one of event, form, schedule, webhook and manual."});
  }
  if (trigger.event && trigger.event->type == flow_run_ended_event) {
    problems.push_back({"/trigger/event/type", "The type must not be the end of a run."});
  }
  if (trigger.event && trigger.event->where) {
    check_expression(*trigger.event->where, "/trigger/event/where", problems);
  }
  if (trigger.form && !parse_uuid(trigger.form->form_uuid)) {
    problems.push_back({"/trigger/form/form_uuid", "This must be a UUID."});
  }
  if (trigger.schedule) {
    if (trigger.schedule->zone.empty()) trigger.schedule->zone = zone;
    check_recurrence(trigger.schedule->recurrence(), "/trigger/schedule", problems);
  }
}

void add_all(const std::vector<FlowStep>& steps, std::vector<const FlowStep*>& all) {
  for (const FlowStep& step : steps) {
    all.push_back(&step);
    for (const auto& inner : step.inner) add_all(inner, all);
  }
}

}  // namespace

Recurrence ScheduleTrigger::recurrence() const {
  return {.zone = zone,
          .times = times,
          .weekdays = weekdays.value_or(std::vector<Weekday>()),
          .month_days = month_days.value_or(std::vector<std::int64_t>())};
}

std::int64_t TimeSpan::microseconds() const {
  std::int64_t whole = seconds.value_or(0) + 60 * minutes.value_or(0) + 3'600 * hours.value_or(0) +
                       86'400 * days.value_or(0);
  return whole * microseconds_per_second;
}

std::string_view FlowTrigger::kind() const {
  return event ? "event" : form ? "form" : schedule ? "schedule" : webhook ? "webhook" : "manual";
}

std::string_view StepFields::kind() const {
  return call       ? "call"
         : ask      ? "ask"
         : set      ? "set"
         : branch   ? "branch"
         : choose   ? "choose"
         : for_each ? "for_each"
         : wait     ? "wait"
         : wait_for ? "wait_for"
         : approve  ? "approve"
         : flow     ? "flow"
                    : "stop";
}

std::vector<const FlowStep*> FlowDefinition::all_steps() const {
  std::vector<const FlowStep*> all;
  add_all(steps, all);
  return all;
}

const FlowStep* FlowDefinition::find(std::string_view id) const {
  for (const FlowStep* step : all_steps()) {
    if (step->id == id) return step;
  }
  return nullptr;
}

Result<std::shared_ptr<const FlowDefinition>> read_definition(const Value& definition,
                                                              const Value& values,
                                                              std::string_view zone) {
  std::vector<FieldError> problems;
  auto fields = read_part<FlowFields>(definition, "", problems);
  if (!fields) return fail_fields(std::move(problems));
  auto read = std::make_shared<FlowDefinition>();
  read->about = fields->about.value_or("");
  if (fields->parameters) read->parameters = *std::move(fields->parameters);
  for (std::size_t i = 0; i < read->parameters.size(); i++) {
    if (is_identifier(read->parameters[i].name)) continue;
    problems.push_back({fmt::format("/parameters/{}/name", i),
                        "A name is made of a-z, 0-9 and _, and begins with a letter."});
  }
  read->values = values_of(read->parameters, values, problems);
  // The trigger may hold parameters and nothing else: it is there before anything happens. What
  // hangs on a parameter that is wrong is not wrong as well.
  Value trigger = fields->trigger;
  bool hangs = to_json(trigger).find("${{") != std::string::npos;
  if (hangs && problems.empty()) {
    auto filled = filled_in(trigger, Value::object({{"parameters", read->values}}), "/trigger");
    if (filled) {
      trigger = *std::move(filled);
      hangs = false;
    } else {
      for (FieldError& field : filled.error().fields) problems.push_back(std::move(field));
    }
  }
  if (!hangs) {
    if (auto known = read_part<FlowTrigger>(trigger, "/trigger", problems)) {
      read->trigger = *std::move(known);
      check_trigger(read->trigger, zone, problems);
    }
  }
  if (fields->limit) {
    read->limit = *fields->limit;
    check_expressions(Value(read->limit.key.value_or("")), "/limit/key", problems);
  }
  Reader reader(problems);
  read->steps = reader.steps(fields->steps, "/steps");
  if (reader.count() > steps_max) {
    problems.push_back({"/steps", fmt::format("A flow has {} steps at most.", steps_max)});
  }
  read->output = std::move(fields->output);
  if (read->output) check_expressions(*read->output, "/output", problems);
  if (const Value* steps = definition.find("steps")) reader.check_references(*steps, "/steps");
  if (!problems.empty()) return fail_fields(std::move(problems));
  return read;
}

namespace {

// Lists of steps are any value to a shape; in the schema they are what they are.
void refer_to_steps(Value& schema) {
  if (auto* members = schema.members()) {
    if (Value* properties = schema.find("properties")) {
      for (std::string_view name : {"steps", "then", "else", "otherwise"}) {
        Value* list = properties->find(name);
        Value* items = list ? list->find("items") : nullptr;
        if (items) *items = Value::object({{"$ref", "#/$defs/step"}});
      }
    }
    for (Member& member : *members) refer_to_steps(member.value);
  } else if (auto* items = schema.items()) {
    for (Value& item : *items) refer_to_steps(item);
  }
}

}  // namespace

Value definition_schema() {
  Value schema = json_schema(shape_of<FlowFields>(), SchemaSide::input);
  schema.find("properties")
      ->set("trigger", json_schema(shape_of<FlowTrigger>(), SchemaSide::input));
  Value step = json_schema(shape_of<StepFields>(), SchemaSide::input);
  refer_to_steps(schema);
  refer_to_steps(step);
  schema.set("$defs", Value::object({{"step", std::move(step)}}));
  return schema;
}

// The words of it
// ------------------------------------------------------------------------------------

void FlowParameter::describe(Fields<FlowParameter>& field) {
  field("name", &FlowParameter::name, "What expressions call it: parameters.NAME.",
        {.min = 1, .max = 40});
  field("label", &FlowParameter::label, "What people call it.", {.min = 1, .max = 100});
  field("about", &FlowParameter::about, "What it is for.", {.max = 500});
  field("kind", &FlowParameter::kind, "What a value must be.");
  field("value", &FlowParameter::value, "Its value until somebody says otherwise.");
  field("optional", &FlowParameter::optional, "Whether it may stay empty; no by default.");
}
void EventTrigger::describe(Fields<EventTrigger>& field) {
  field("type", &EventTrigger::type, "The event's type, such as form_submission_completed.",
        {.min = 1, .max = 64});
  field("where", &EventTrigger::where, "An expression about `event` that must hold.",
        {.min = 1, .max = 2'000});
}
void FormTrigger::describe(Fields<FormTrigger>& field) {
  field("form_uuid", &FormTrigger::form_uuid, "The form that is sent in.", {.min = 1, .max = 200});
}
void ScheduleTrigger::describe(Fields<ScheduleTrigger>& field) {
  field("zone", &ScheduleTrigger::zone, "An IANA time zone; \"\" for the account's.", {.max = 200});
  field("times", &ScheduleTrigger::times, "Times by the wall there: 09:00.", {.min = 1, .max = 48});
  field("weekdays", &ScheduleTrigger::weekdays, "On these days alone.", {.max = 7});
  field("month_days", &ScheduleTrigger::month_days,
        "On these days of the month alone; -1: the last.", {.max = 31});
  field("catch_up", &ScheduleTrigger::catch_up,
        "Of times that were missed: the last one runs late (the default), all, or none.");
  field("catch_up_hours", &ScheduleTrigger::catch_up_hours,
        "How long ago a missed time may be; 6 by default.", {.min = 1, .max = 168});
  field(
      "overlap", &ScheduleTrigger::overlap,
      "When the run before goes on still: this one is skipped (the default), waits in a queue, or "
      "both run.");
}
void FlowTrigger::describe(Fields<FlowTrigger>& field) {
  field("event", &FlowTrigger::event, "Something happened; its payload is `event`.");
  field("form", &FlowTrigger::form, "A form was sent in; the submission is `event`.");
  field("schedule", &FlowTrigger::schedule, "A time by the wall has come; it is `tick`.");
  field("webhook", &FlowTrigger::webhook,
        "Another system posts to the flow's address; what it says is `input`. An empty object.");
  field("manual", &FlowTrigger::manual,
        "A person, a program or a persona starts it; what they say is `input`. An empty object.");
}
void FlowLane::describe(Fields<FlowLane>& field) {
  field("key", &FlowLane::key, "A text with expressions; runs with the same one share the limit.",
        {.max = 500});
  field("at_once", &FlowLane::at_once, "How many run at once; others wait.",
        {.min = 1, .max = 1'000});
  field("starts_per_minute", &FlowLane::starts_per_minute, "How many begin in a minute.",
        {.min = 1, .max = 100'000});
}
void CallStep::describe(Fields<CallStep>& field) {
  field("tool", &CallStep::tool, "The tool: piggy_score_lead, slack_send_direct_message.",
        {.min = 1, .max = 200});
  field("input", &CallStep::input, "Its input, an object with expressions.");
}
void AskStep::describe(Fields<AskStep>& field) {
  field("prompt", &AskStep::prompt, "What the persona is asked.", {.min = 1, .max = 4'000});
  field("about", &AskStep::about, "What it is shown with the question, as data.");
  field("choices", &AskStep::choices,
        "A list of {value, about}: it must choose one of them, with a reason.");
  field("figures", &AskStep::figures,
        "Data: an answer with a figure that is not in there is refused.");
  field("or_else", &AskStep::or_else,
        "The answer when no model is configured or none will do; of choices {choice, reason}.");
}
void BranchStep::describe(Fields<BranchStep>& field) {
  field("if", &BranchStep::condition, "An expression.", {.min = 1, .max = 2'000});
  field("then", &BranchStep::then, "The steps when it holds.");
  field("else", &BranchStep::otherwise, "The steps when it does not.");
}
void SwitchCase::describe(Fields<SwitchCase>& field) {
  field("is", &SwitchCase::is, "The value.");
  field("steps", &SwitchCase::steps, "The steps for it.");
}
void SwitchStep::describe(Fields<SwitchStep>& field) {
  field("on", &SwitchStep::on, "An expression.", {.min = 1, .max = 2'000});
  field("cases", &SwitchStep::cases, "What to do for which value.", {.min = 1, .max = 50});
  field("otherwise", &SwitchStep::otherwise, "The steps for any other value.");
}
void ForEachStep::describe(Fields<ForEachStep>& field) {
  field("in", &ForEachStep::in, "An expression whose value is a list.", {.min = 1, .max = 2'000});
  field("as", &ForEachStep::as, "What an item is called within the steps.", {.min = 1, .max = 40});
  field("at_once", &ForEachStep::at_once, "How many items are under way at once; 1 by default.",
        {.min = 1, .max = 16});
  field("steps", &ForEachStep::steps, "The steps for each item.");
}
void TimeSpan::describe(Fields<TimeSpan>& field) {
  field("seconds", &TimeSpan::seconds, "Seconds.", {.min = 0, .max = 31'536'000});
  field("minutes", &TimeSpan::minutes, "Minutes.", {.min = 0, .max = 525'600});
  field("hours", &TimeSpan::hours, "Hours.", {.min = 0, .max = 8'760});
  field("days", &TimeSpan::days, "Days of 24 hours.", {.min = 0, .max = 730});
}
void WaitStep::describe(Fields<WaitStep>& field) {
  field("span", &WaitStep::span, "For so long.");
  field("until", &WaitStep::until, "An expression whose value is a moment.",
        {.min = 1, .max = 2'000});
  field("next", &WaitStep::next, "Until the next such time by the wall.");
}
void WaitForStep::describe(Fields<WaitForStep>& field) {
  field("event", &WaitForStep::event, "The type of the event.", {.min = 1, .max = 64});
  field("contact", &WaitForStep::contact, "The uuid of the contact it must be about.",
        {.max = 500});
  field("where", &WaitForStep::where, "An expression about `event` that must hold.",
        {.min = 1, .max = 2'000});
  field("timeout", &WaitForStep::timeout,
        "How long at most; then the step's `timed_out` is true. For ever without.");
}
void ApproveStep::describe(Fields<ApproveStep>& field) {
  field("question", &ApproveStep::question, "What a person is asked.", {.min = 1, .max = 2'000});
  field("timeout", &ApproveStep::timeout, "How long at most; a day by default.");
}
void SubFlowStep::describe(Fields<SubFlowStep>& field) {
  field("flow", &SubFlowStep::flow, "The flow's name or uuid.", {.min = 1, .max = 100});
  field("input", &SubFlowStep::input, "What it is given, as `input`.");
}
void StopStep::describe(Fields<StopStep>& field) {
  field("reason", &StopStep::reason, "Why, for whoever reads the history.", {.min = 1, .max = 500});
  field("failed", &StopStep::failed, "Whether the run counts as failed.");
}
void RetryPolicy::describe(Fields<RetryPolicy>& field) {
  field("times", &RetryPolicy::times, "How often it is tried in all; 5 by default.",
        {.min = 1, .max = 50});
  field("first_seconds", &RetryPolicy::first_seconds,
        "The first pause; each is twice the one before. 2 by default.", {.min = 0, .max = 86'400});
}
void StepFields::describe(Fields<StepFields>& field) {
  field("id", &StepFields::id, "What expressions call it: steps.ID.", {.min = 1, .max = 40});
  field("title", &StepFields::title, "What people read.", {.max = 200});
  field("when", &StepFields::when, "An expression; when it does not hold the step is skipped.",
        {.min = 1, .max = 2'000});
  field("call", &StepFields::call, "Calls a tool, as the flow's persona.");
  field("ask", &StepFields::ask, "Asks the flow's persona.");
  field("set", &StepFields::set, "Values put together by expressions.");
  field("branch", &StepFields::branch, "One way or the other.");
  field("choose", &StepFields::choose, "One of several ways.");
  field("for_each", &StepFields::for_each, "The same for each item of a list.");
  field("wait", &StepFields::wait, "Waits for a time.");
  field("wait_for", &StepFields::wait_for, "Waits for an event.");
  field("approve", &StepFields::approve, "Waits for a person's yes.");
  field("flow", &StepFields::flow, "Runs another flow and waits for its end.");
  field("stop", &StepFields::stop, "Ends the run.");
  field("retry", &StepFields::retry, "How often it is tried when another side fails.");
  field("on_failure", &StepFields::on_failure,
        "Whether the run stops (the default) or goes on; then the step's `failed` is true.");
}
void FlowFields::describe(Fields<FlowFields>& field) {
  field("about", &FlowFields::about, "What the flow is for.", {.max = 2'000});
  field("parameters", &FlowFields::parameters, "What people change without touching the steps.",
        {.max = 50});
  field("trigger", &FlowFields::trigger, "What starts it; may hold parameters.");
  field("limit", &FlowFields::limit, "How many runs at once, and how fast they begin.");
  field("steps", &FlowFields::steps, "What it does, one after the other.", {.min = 1, .max = 200});
  field("output", &FlowFields::output, "What it answers, for a flow that waits for it.");
}

}  // namespace piggy
