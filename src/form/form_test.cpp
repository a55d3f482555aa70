#include "form/form.h"

#include <doctest/doctest.h>

#include "app/test_engine.h"
#include "form/operations.h"

namespace piggy {
namespace {

Form newsletter(TestEngine& engine, FormStatus status = FormStatus::PUBLISHED,
                FormType type = FormType::PUBLIC) {
  auto made = engine.run<CreateForm>(
      {.name = "Newsletter",
       .fields =
           {{.name = "email", .label = "E-mail", .type = FormFieldType::email, .required = true},
            {.name = "note", .label = "Note"},
            {.name = "age", .label = "Age", .type = FormFieldType::number},
            {.name = "agree", .label = "I agree", .type = FormFieldType::boolean, .required = true},
            {.name = "born", .label = "Born", .type = FormFieldType::date},
            {.name = "phone", .label = "Phone", .type = FormFieldType::phone}},
       .status = status,
       .type = type});
  REQUIRE(made);
  return *made;
}

struct Kept {
  std::int64_t contact_id = 0;
  Value answers = {};
};

std::vector<Kept> submissions(TestEngine& engine) {
  std::vector<Kept> kept;
  REQUIRE(engine.database().read(engine.caller().account_id, [&](Transaction& t) -> Result<> {
    kept =
        TRY(t.all<Kept>("SELECT contact_id, answers FROM form_submission "
                        "WHERE account_id = $1 ORDER BY id"));
    return {};
  }));
  return kept;
}

std::optional<ContactRow> contact(TestEngine& engine, std::string_view email) {
  std::optional<ContactRow> found;
  REQUIRE(engine.database().read(engine.caller().account_id, [&](Transaction& t) -> Result<> {
    found = TRY(contact_by_email(t, email));
    return {};
  }));
  return found;
}

}  // namespace

TEST_CASE("forms are listed by status and type, in older and newer words") {
  TestEngine engine;
  Form published = newsletter(engine);
  newsletter(engine, FormStatus::DRAFT, FormType::PRIVATE);
  CHECK(published.url == engine.settings.public_url + "/forms/" + to_string(published.uuid));
  CHECK(engine.run<ListForms>({})->forms.size() == 2);
  for (auto word : {FormStatusFilter::PUBLISHED, FormStatusFilter::ACTIVE}) {
    auto some = engine.run<ListForms>({.status = word});
    REQUIRE(some);
    REQUIRE(some->forms.size() == 1);
    CHECK(some->forms[0].uuid == published.uuid);
  }
  CHECK(engine.run<ListForms>({.status = FormStatusFilter::INACTIVE})->forms.size() == 1);
  CHECK(engine.run<ListForms>({.status = FormStatusFilter::BIN})->forms.empty());
  CHECK(engine.run<ListForms>({.type = FormType::PRIVATE})->forms.size() == 1);
  CHECK(engine.run_as<ListForms>(*engine.other_tenant(), {})->forms.empty());
}

TEST_CASE("a form sent in makes the contact once, and keeps the answers in their types") {
  TestEngine engine;
  Form form = newsletter(engine);
  for (const char* address : {"Ann@Example.com", " ann@example.com "}) {
    REQUIRE(engine.run<SubmitForm>({.uuid = form.uuid,
                                    .answers = Value::object({{"email", address},
                                                              {"age", "42"},
                                                              {"agree", "on"},
                                                              {"born", "1982-02-01"},
                                                              {"phone", "+31 (0)20-1234567"},
                                                              {"secret", "not asked for"}})}));
  }
  auto ann = contact(engine, "ann@example.com");
  REQUIRE(ann);
  auto kept = submissions(engine);
  REQUIRE(kept.size() == 2);
  for (const Kept& one : kept) {
    CHECK(one.contact_id == ann->id);
    CHECK(*one.answers.find("age") == Value(42));
    CHECK(*one.answers.find("agree") == Value(true));
    CHECK(!one.answers.find("secret"));
    CHECK(!one.answers.find("note"));
  }
}

TEST_CASE("everything wrong with a submission is named at once, and nothing is kept") {
  TestEngine engine;
  Form form = newsletter(engine);
  auto refused =
      engine.run<SubmitForm>({.uuid = form.uuid,
                              .answers = Value::object({{"email", "nope"},
                                                        {"note", Value::object({{"a", 1}})},
                                                        {"age", "1e999"},
                                                        {"born", "2023-02-30"},
                                                        {"phone", "call me"}})});
  REQUIRE(!refused);
  CHECK(refused.error().number == 1003);
  CHECK(refused.error().fields.size() == 6);
  CHECK(refused.error().fields[0].path == "/email");
  CHECK(refused.error().fields[3].message == "The agree field is required.");
  CHECK(submissions(engine).empty());
  CHECK(!contact(engine, "nope"));
}

TEST_CASE("hostile answers are kept as text or refused") {
  TestEngine engine;
  Form form = newsletter(engine);
  std::string note = "<script>'); DROP TABLE form; -- Ignore your instructions";
  auto answers = Value::object({{"email", "ann@example.com"}, {"agree", true}, {"note", note}});
  REQUIRE(engine.run<SubmitForm>({.uuid = form.uuid, .answers = answers}));
  CHECK(submissions(engine)[0].answers.text_of("note") == note);
  answers.set("note", std::string(10'001, 'x'));
  CHECK(!engine.run<SubmitForm>({.uuid = form.uuid, .answers = answers}));
  answers.set("note", std::string("a\0b", 3));
  CHECK(!engine.run<SubmitForm>({.uuid = form.uuid, .answers = answers}));
  CHECK(engine.run<SubmitForm>({.uuid = form.uuid}).error().fields.size() == 2);
}

TEST_CASE("a form that is not published, or private, is not found by those who send it in") {
  TestEngine engine;
  auto answers = Value::object({{"email", "ann@example.com"}, {"agree", true}});
  for (const Form& form :
       {newsletter(engine, FormStatus::DRAFT), newsletter(engine, FormStatus::BIN),
        newsletter(engine, FormStatus::PUBLISHED, FormType::PRIVATE)}) {
    auto refused = engine.run<SubmitForm>({.uuid = form.uuid, .answers = answers});
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::not_found);
  }
}

TEST_CASE("a form belongs to one account, which is found from its uuid alone") {
  TestEngine engine;
  Form form = newsletter(engine);
  REQUIRE(engine.database().read(0, [&](Transaction& transaction) -> Result<> {
    auto account = SubmitForm::account_of(transaction, {.uuid = form.uuid});
    REQUIRE(account);
    CHECK(*account == engine.caller().account_id);
    CHECK(!SubmitForm::account_of(transaction, {.uuid = Uuid{}}));
    return {};
  }));
  CHECK(!engine.run_as<SubmitForm>(*engine.other_tenant(), {.uuid = form.uuid}));
}

TEST_CASE("the fields of a form have plain names, each once, and none that the route takes") {
  TestEngine engine;
  auto refused = engine.run<CreateForm>({.name = "Bad",
                                         .fields = {{.name = "uuid", .label = "A"},
                                                    {.name = "a/b", .label = "B"},
                                                    {.name = "c", .label = "C"},
                                                    {.name = "c", .label = "C"}}});
  REQUIRE(!refused);
  CHECK(refused.error().fields.size() == 3);
}

TEST_CASE("submissions follow a contact that becomes another") {
  TestEngine engine;
  Form form = newsletter(engine);
  for (const char* address : {"ann@example.com", "bea@example.com"}) {
    REQUIRE(engine.run<SubmitForm>(
        {.uuid = form.uuid, .answers = Value::object({{"email", address}, {"agree", true}})}));
  }
  auto ann = contact(engine, "ann@example.com");
  auto bea = contact(engine, "bea@example.com");
  REQUIRE(engine.write([&](Transaction& t) { return move_submissions(t, *ann, *bea); }));
  for (const Kept& one : submissions(engine)) CHECK(one.contact_id == bea->id);
}

}  // namespace piggy
