#include "form/submission.h"

#include <doctest/doctest.h>

#include "audit/audit.h"
#include "form/test_form.h"

namespace piggy {
namespace {

Form lead_form(TestEngine& engine, const FormPageTexts& page = {}) {
  return make(engine,
              {{.name = "email", .label = "E-mail", .type = FormFieldType::email, .required = true},
               {.name = "note", .label = "Note"}},
              page);
}

SubmitForm::Input sent(const Form& form, std::string_view email, std::string_view note = "Hello") {
  return {.uuid = form.uuid, .answers = Value::object({{"email", email}, {"note", note}})};
}

std::vector<FormSubmission> listed(TestEngine& engine, const Form& form,
                                   std::optional<SubmissionState> state = {}) {
  auto found = engine.run<ListFormSubmissions>({.form_uuid = form.uuid, .state = state});
  REQUIRE(found);
  return found->submissions;
}

}  // namespace

TEST_CASE(
    "what a program fills in, or faster than people can, is spam: kept apart, and nothing done") {
  TestEngine engine;
  Form form = lead_form(engine, {.only_from_pages = true});
  Time shown = engine.clock().now();
  std::string stamp = form_stamp(engine.caller(), form.uuid, shown);
  std::vector<SubmitForm::Input> wrong;
  for (int i = 0; i < 5; i++) wrong.push_back(sent(form, fmt::format("bot{}@example.com", i)));
  wrong[0].trap = "http://spam.example";
  wrong[0].stamp = stamp;
  wrong[1].stamp = stamp;  // One second after it was shown.
  wrong[2].stamp = "17." + stamp.substr(stamp.find('.') + 1);
  wrong[3].stamp = form_stamp(engine.caller(), Uuid{}, shown);  // Of another form.
  pass(engine, microseconds_per_second);
  for (const SubmitForm::Input& input : wrong) CHECK(send(engine, input));
  CHECK(listed(engine, form, SubmissionState::spam).size() == 5);
  CHECK(listed(engine, form, SubmissionState::completed).empty());
  CHECK(events(engine, "form_submission_completed").empty());
  CHECK(events(engine, "contact_created").empty());
  for (const SubmitForm::Input& input : wrong) {
    CHECK(!contact(engine, input.answers.text_of("email")));
  }
  pass(engine, 2 * microseconds_per_second);
  SubmitForm::Input good = sent(form, "ann@example.com");
  good.stamp = stamp;
  REQUIRE(send(engine, good));
  CHECK(contact(engine, "ann@example.com"));
  CHECK(events(engine, "form_submission_completed").size() == 1);
}

TEST_CASE("what is not spam after all is done once, and what is spam after all is only put apart") {
  TestEngine engine;
  Form form = lead_form(engine);
  SubmitForm::Input input = sent(form, "ann@example.com");
  input.trap = "filled in by a password manager";
  auto kept = send(engine, input);
  REQUIRE(kept);
  REQUIRE(engine.run<MarkSubmissionNotSpam>({.submission_uuid = kept->uuid}));
  CHECK(contact(engine, "ann@example.com"));
  CHECK(engine.run<MarkSubmissionNotSpam>({.submission_uuid = kept->uuid}).error().code ==
        ErrorCode::conflict);
  REQUIRE(engine.run<MarkSubmissionSpam>({.submission_uuid = kept->uuid}));
  CHECK(listed(engine, form, SubmissionState::spam).size() == 1);
  REQUIRE(engine.run<MarkSubmissionNotSpam>({.submission_uuid = kept->uuid}));
  CHECK(events(engine, "form_submission_completed").size() == 1);
  CHECK(engine.run_as<MarkSubmissionSpam>(*engine.other_tenant(), {.submission_uuid = kept->uuid})
            .error()
            .code == ErrorCode::not_found);
}

TEST_CASE("the same again within ten minutes, or under the same key, counts once") {
  TestEngine engine;
  Form form = lead_form(engine);
  auto first = send(engine, sent(form, "ann@example.com"));
  REQUIRE(first);
  for (int i = 0; i < 5; i++) {
    auto again = send(engine, sent(form, "ann@example.com"));
    REQUIRE(again);
    CHECK(again->uuid == first->uuid);
  }
  CHECK(events(engine, "form_submission_completed").size() == 1);
  CHECK(send(engine, sent(form, "ann@example.com", "Other"))->uuid != first->uuid);
  CHECK(send(engine, sent(lead_form(engine), "ann@example.com"))->uuid != first->uuid);
  pass(engine, 601 * microseconds_per_second);
  CHECK(send(engine, sent(form, "ann@example.com"))->uuid != first->uuid);
  // A key names a submission for good; by the field as well as by the door's header.
  SubmitForm::Input keyed = sent(form, "bea@example.com");
  keyed.key = "k1";
  auto bea = send(engine, keyed);
  REQUIRE(bea);
  pass(engine, microseconds_per_day);
  CHECK(send(engine, keyed)->uuid == bea->uuid);
  CHECK(send(engine, sent(form, "bea@example.com"), {.key = "k1"})->uuid == bea->uuid);
  CHECK(contact(engine, "bea@example.com"));
}

TEST_CASE("a submission is one activity and one event, with its version and consents") {
  TestEngine engine;
  Form form = lead_form(engine);
  auto kept = send(engine, sent(form, "ann@example.com"));
  REQUIRE(kept);
  auto told = events(engine, "form_submission_completed");
  REQUIRE(told.size() == 1);
  const Value& about = *told[0].find("form_submission");
  CHECK(about.text_of("uuid") == to_string(kept->uuid));
  CHECK(about.find("contact")->text_of("email") == "ann@example.com");
  CHECK(about.find("answers")->text_of("note") == "Hello");
  CHECK(*about.find("version") == Value(1));
  CHECK(*about.find("consents") == Value::list());
  auto activity = events(engine, "contact_activity");
  REQUIRE(activity.size() == 1);
  CHECK(activity[0].find("activity")->text_of("source") == to_string(form.uuid));
}

TEST_CASE("a dry run tells strangers nothing of a contact") {
  TestEngine engine;
  Form form =
      make(engine, {{.name = "email", .label = "E-mail", .type = FormFieldType::email},
                    {.name = "name", .label = "N", .attribute = "firstname", .overwrite = true}});
  auto answers = [](const char* name) {
    return Value::object({{"email", "ann@example.com"}, {"name", name}});
  };
  REQUIRE(send(engine, {.uuid = form.uuid, .answers = answers("Secret")}));
  std::vector<EffectLine> effects;
  REQUIRE(visit_as<SubmitForm>(engine, engine.caller(),
                               {.uuid = form.uuid, .answers = answers("Mallory")}, {}, true,
                               &effects));
  REQUIRE(effects.size() == 1);
  CHECK(effects[0].what == "submission of form Form");
  CHECK(attribute(engine, "ann@example.com", "firstname") == "Secret");
}

TEST_CASE("with a contact its answers are forgotten, also those in events and in spam") {
  TestEngine engine;
  Form form = lead_form(engine);
  REQUIRE(send(engine, sent(form, "ann@example.com", "my secret")));
  SubmitForm::Input spam = sent(form, "ANN@example.com", "my secret");
  spam.trap = "x";
  REQUIRE(send(engine, spam));
  REQUIRE(send(engine, sent(form, "bea@example.com", "stays")));
  auto ann = contact(engine, "ann@example.com");
  REQUIRE(engine.write([&](Transaction& t) { return forget_submissions(t, *ann); }));
  auto left = listed(engine, form);
  REQUIRE(left.size() == 2);
  CHECK(left[0].answers.text_of("note") == "stays");
  CHECK(left[1].answers == Value::object());
  CHECK(left[1].contact->uuid == ann->uuid);
  for (const Value& payload : events(engine, "form_submission_completed")) {
    CHECK(to_json(payload).find("my secret") == std::string::npos);
  }
  auto sources = payloads(engine,
                          "SELECT answers FROM form_submission WHERE account_id = $1 AND "
                          "address = $2 AND digest IS NOT NULL",
                          "192.0.2.7");
  CHECK(sources.size() == 1);
}

TEST_CASE("answers stay out of the record of calls, on the way in and on the way out") {
  Value sent = Value::object({{"uuid", "x"}, {"email", "ann@example.com"}, {"_key", "k"}});
  Value kept = without_secrets(shape_of<SubmitForm::Input>(), sent);
  CHECK(kept == Value::object({{"uuid", "x"}, {"email", "(secret)"}, {"_key", "k"}}));
  Value shown = Value::object({{"uuid", "x"}, {"answers", sent}});
  kept = without_secrets(shape_of<FormSubmission>(), shown);
  CHECK(kept == Value::object({{"uuid", "x"}, {"answers", "(secret)"}}));
}

}  // namespace piggy
