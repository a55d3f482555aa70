#include "form/form.h"

#include <doctest/doctest.h>

#include "form/operations.h"
#include "form/test_form.h"

namespace piggy {
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
    REQUIRE(send(engine, {.uuid = form.uuid,
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
  for (const KeptForm& one : kept) {
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
  auto refused = send(engine, {.uuid = form.uuid,
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
  REQUIRE(send(engine, {.uuid = form.uuid, .answers = answers}));
  CHECK(submissions(engine)[0].answers.text_of("note") == note);
  answers.set("note", std::string(10'001, 'x'));
  CHECK(!send(engine, {.uuid = form.uuid, .answers = answers}));
  answers.set("note", std::string("a\0b", 3));
  CHECK(!send(engine, {.uuid = form.uuid, .answers = answers}));
  CHECK(send(engine, {.uuid = form.uuid}).error().fields.size() == 2);
}

TEST_CASE("a form that is not published, or private, is not found by those who send it in") {
  TestEngine engine;
  auto answers = Value::object({{"email", "ann@example.com"}, {"agree", true}});
  for (const Form& form :
       {newsletter(engine, FormStatus::DRAFT), newsletter(engine, FormStatus::BIN),
        newsletter(engine, FormStatus::PUBLISHED, FormType::PRIVATE)}) {
    auto refused = send(engine, {.uuid = form.uuid, .answers = answers});
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
  CHECK(!send_as(engine, *engine.other_tenant(), {.uuid = form.uuid}));
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
    REQUIRE(send(engine, {.uuid = form.uuid,
                          .answers = Value::object({{"email", address}, {"agree", true}})}));
  }
  auto ann = contact(engine, "ann@example.com");
  auto bea = contact(engine, "bea@example.com");
  REQUIRE(engine.write([&](Transaction& t) { return move_submissions(t, *ann, *bea); }));
  for (const KeptForm& one : submissions(engine)) CHECK(one.contact_id == bea->id);
}

TEST_CASE("an edited form has a new version, and submissions keep the one they answered") {
  TestEngine engine;
  Form form = newsletter(engine);
  auto answers = Value::object({{"email", "ann@example.com"}, {"agree", true}});
  REQUIRE(send(engine, {.uuid = form.uuid, .answers = answers}));
  auto same = engine.run<UpdateForm>({.form_uuid = form.uuid, .status = FormStatus::PUBLISHED});
  REQUIRE(same);
  CHECK(same->version == 1);
  std::vector<FormField> fields = {
      {.name = "email", .label = "Your address", .type = FormFieldType::email}};
  auto edited = engine.run<UpdateForm>(
      {.form_uuid = form.uuid, .fields = fields, .page = FormPageTexts{.button = "Join"}});
  REQUIRE(edited);
  CHECK(edited->version == 2);
  REQUIRE(send(engine, {.uuid = form.uuid, .answers = answers}));
  auto listed = engine.run<ListFormSubmissions>({.form_uuid = form.uuid});
  REQUIRE(listed);
  REQUIRE(listed->submissions.size() == 2);
  CHECK(listed->submissions[0].version == 2);
  CHECK(listed->submissions[1].version == 1);
  auto first = engine.run<GetForm>({.form_uuid = form.uuid, .version = 1});
  REQUIRE(first);
  CHECK(first->fields.size() == 6);
  CHECK(!first->page.button);
  CHECK(engine.run<GetForm>({.form_uuid = form.uuid})->page.button == "Join");
  CHECK(engine.run<GetForm>({.form_uuid = form.uuid, .version = 3}).error().code ==
        ErrorCode::not_found);
}

TEST_CASE("a deleted form lies in the bin: it cannot be sent in, and can be taken out again") {
  TestEngine engine;
  Form form = newsletter(engine);
  auto answers = Value::object({{"email", "ann@example.com"}, {"agree", true}});
  REQUIRE(engine.run<DeleteForm>({.form_uuid = form.uuid}));
  CHECK(engine.run<ListForms>({.status = FormStatusFilter::BIN})->forms.size() == 1);
  CHECK(!send(engine, {.uuid = form.uuid, .answers = answers}));
  CHECK(!engine.run<GetFormSnippet>({.form_uuid = form.uuid}));
  REQUIRE(engine.run<UpdateForm>({.form_uuid = form.uuid, .status = FormStatus::PUBLISHED}));
  CHECK(send(engine, {.uuid = form.uuid, .answers = answers}));
}

TEST_CASE("answers to attributes keep the attribute's type and options, and are written to it") {
  TestEngine engine;
  REQUIRE(engine.run<CreateContactAttribute>(
      {.name = "size",
       .data_type = AttributeType::select,
       .options = std::vector<NewOption>{{.label = "Small", .value = "s"},
                                         {.label = "Large", .value = "l"}}}));
  Form form = make(engine, {{.name = "email", .label = "E-mail", .type = FormFieldType::email},
                            {.name = "name", .label = "Name", .attribute = "firstname"},
                            {.name = "size", .label = "Size", .attribute = "size"},
                            {.name = "born", .label = "Born", .attribute = "birthdate"}});
  auto refused =
      send(engine, {.uuid = form.uuid,
                    .answers = Value::object(
                        {{"email", "ann@example.com"}, {"size", "huge"}, {"born", "2999-01-01"}})});
  REQUIRE(!refused);
  CHECK(refused.error().fields.size() == 2);
  REQUIRE(send(engine, {.uuid = form.uuid,
                        .answers = Value::object({{"email", "ann@example.com"},
                                                  {"name", "Ann"},
                                                  {"size", "l"},
                                                  {"born", "1982-02-01"}})}));
  CHECK(attribute(engine, "ann@example.com", "firstname") == "Ann");
  CHECK(attribute(engine, "ann@example.com", "size") == "l");
  CHECK(attribute(engine, "ann@example.com", "birthdate") == "1982-02-01");
}

TEST_CASE("a stranger who knows an address replaces nothing, unless the field says so") {
  TestEngine engine;
  for (bool overwrite : {false, true}) {
    Form form =
        make(engine,
             {{.name = "email", .label = "E-mail", .type = FormFieldType::email},
              {.name = "name", .label = "Name", .attribute = "firstname", .overwrite = overwrite}});
    for (const char* name : {"Ann", "Mallory"}) {
      REQUIRE(
          send(engine, {.uuid = form.uuid,
                        .answers = Value::object({{"email", "ann@example.com"}, {"name", name}})}));
    }
    CHECK(attribute(engine, "ann@example.com", "firstname") == (overwrite ? "Mallory" : "Ann"));
  }
}

TEST_CASE("choices, lengths, web addresses and boxes are checked") {
  TestEngine engine;
  std::vector<FormOption> colours = {{"red", "Red"}, {"blue", "Blue"}};
  Form form = make(
      engine,
      {{.name = "one", .label = "One", .type = FormFieldType::select, .options = colours},
       {.name = "some", .label = "Some", .type = FormFieldType::multi_select, .options = colours},
       {.name = "short", .label = "Short", .max_length = 3},
       {.name = "site", .label = "Site", .type = FormFieldType::url}});
  auto wrong = send(engine, {.uuid = form.uuid,
                             .answers = Value::object({{"one", "green"},
                                                       {"some", Value::List{"red", "green"}},
                                                       {"short", "four"},
                                                       {"site", "javascript:alert(1)"}})});
  REQUIRE(!wrong);
  CHECK(wrong.error().fields.size() == 4);
  REQUIRE(send(engine, {.uuid = form.uuid,
                        .answers = Value::object({{"one", "red"},
                                                  {"some", Value::List{"red", "blue", "red"}},
                                                  {"short", "\u00e9\u00e8\u00ea"},
                                                  {"site", "https://example.com/?a=b"}})}));
  auto kept = submissions(engine);
  REQUIRE(kept.size() == 1);
  CHECK(*kept[0].answers.find("some") == Value(Value::List{"red", "blue"}));
}

TEST_CASE("what a field cannot be is named, all of it") {
  TestEngine engine;
  auto refused = engine.run<CreateForm>(
      {.name = "Bad",
       .fields = {
           {.name = "_stamp", .label = "A"},
           {.name = "dry_run", .label = "A"},
           {.name = "a", .label = "A", .type = FormFieldType::select},
           {.name = "b", .label = "B", .attribute = "nothing"},
           {.name = "c", .label = "C", .attribute = "email"},
           {.name = "d", .label = "D", .type = FormFieldType::date, .attribute = "firstname"},
           {.name = "e", .label = "E", .type = FormFieldType::consent},
           {.name = "f", .label = "F", .text = "I agree"}}});
  REQUIRE(!refused);
  // The consent lacks its words, its subscription, and an address.
  CHECK(refused.error().fields.size() == 10);
}

}  // namespace piggy
