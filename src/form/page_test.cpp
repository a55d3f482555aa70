#include "form/page.h"

#include <doctest/doctest.h>

#include "form/test_form.h"

namespace piggy {
namespace {

constexpr std::string_view hostile = "\"><script>alert('x')</script>&amp;";

std::string snippet(TestEngine& engine, const Form& form) {
  auto made = engine.run<GetFormSnippet>({.form_uuid = form.uuid});
  REQUIRE(made);
  return made->html;
}

bool holds(const std::string& html, std::string_view part) {
  return html.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("whatever a form says stands in its HTML as text") {
  TestEngine engine;
  std::string text(hostile);
  Form form = make(engine,
                   {{.name = "a", .label = text, .help = text},
                    {.name = "b", .label = "B", .type = FormFieldType::long_text},
                    {.name = "c",
                     .label = "C",
                     .type = FormFieldType::select,
                     .options = std::vector<FormOption>{{text, text}}},
                    {.name = "d",
                     .label = "D",
                     .type = FormFieldType::multi_select,
                     .options = std::vector<FormOption>{{text, text}}}},
                   {.button = text});
  std::string html = snippet(engine, form);
  CHECK(!holds(html, "<script>"));
  CHECK(!holds(html, "alert('x')"));
  CHECK(holds(html, "&lt;script&gt;"));
  FormRow row;
  Questionnaire asked;
  REQUIRE(engine.database().read(engine.caller().account_id, [&](Transaction& t) -> Result<> {
    Call call{.transaction = t, .caller = engine.caller(), .settings = engine.settings};
    row = TRY(form_of(t, form.uuid));
    asked = TRY(questionnaire(call, fields_of(row)));
    return {};
  }));
  FormFilling filling{.answers = Value::object({{"a", text}, {"b", text}, {"c", text}}),
                      .problems = {{"a", {.en = text, .nl = text}}}};
  html = form_element({.form = row, .asked = asked, .filling = filling, .action = text}) +
         problems_element(asked, filling.problems, Language::en);
  CHECK(!holds(html, "<script>"));
  CHECK(holds(html, "aria-invalid=\"true\""));
  CHECK(holds(html, " selected>"));
}

TEST_CASE("each field has a label, a place for what is wrong, and what browsers check") {
  TestEngine engine;
  Form form = make(
      engine, {{.name = "email", .label = "E-mail", .type = FormFieldType::email, .required = true},
               {.name = "note", .label = "Note", .max_length = 40}});
  std::string html = snippet(engine, form);
  CHECK(holds(html, "<label class=\"field\" for=\"field-email\">"));
  CHECK(holds(html, "type=\"email\" name=\"email\""));
  CHECK(holds(html, " required"));
  CHECK(holds(html, "aria-describedby=\"field-email-problem\""));
  CHECK(holds(html, "id=\"field-email-problem\" data-problem=\"email\""));
  CHECK(holds(html, "maxlength=\"40\""));
  CHECK(holds(html, "action=\"" + form.url + "\""));
  CHECK(holds(html, "<script src=\"" + form.url + "/form.js\" async></script>"));
}

TEST_CASE("a snippet says in one language what the shop has no words for, and its script too") {
  TestEngine engine;
  Form form = make(engine, {{.name = "email", .label = "E-mail", .type = FormFieldType::email}});
  auto dutch = engine.run<GetFormSnippet>({.form_uuid = form.uuid, .language = Language::nl});
  REQUIRE(dutch);
  CHECK(holds(dutch->html, " data-language=\"nl\" data-not-sent=\"Dit kon niet worden verstuurd."));
  CHECK(holds(dutch->html, "<span class=\"soft\">(niet verplicht)</span>"));
  CHECK(holds(dutch->html, ">Laat dit leeg</label>"));
  CHECK(holds(dutch->html, "<button class=\"allow\">Verstuur</button>"));
  std::string english = snippet(engine, form);
  CHECK(holds(english, " data-language=\"en\" data-not-sent=\"This could not be sent."));
  CHECK(holds(english, "(optional)"));
  CHECK(holds(english, "<button class=\"allow\">Send</button>"));
}

TEST_CASE("what is wrong with answers is said in the language of who answers") {
  TestEngine engine;
  auto attribute = engine.run<CreateContactAttribute>(
      {.name = "shoes", .label = "Shoes", .data_type = AttributeType::number});
  REQUIRE(attribute);
  Form form = make(
      engine,
      {{.name = "email", .label = "<b>E-mail</b>", .type = FormFieldType::email, .required = true},
       {.name = "note", .label = "Note", .required = true},
       {.name = "name", .label = "Name", .max_length = 3},
       {.name = "born", .label = "Born", .type = FormFieldType::date},
       {.name = "shoes", .label = "Shoes", .attribute = "shoes"}});
  Value answers = Value::object(
      {{"email", "nobody"}, {"name", "\u00e9\u00e9\u00e9\u00e9"}, {"born", "x"}, {"shoes", "<i>"}});
  auto refused = send(engine, {.uuid = form.uuid, .answers = answers}, {.language = Language::nl});
  REQUIRE(!refused);
  std::vector<std::string> said;
  for (const FieldError& field : refused.error().fields) said.push_back(field.message);
  CHECK(said == std::vector<std::string>{"Het veld email moet een geldig e-mailadres zijn.",
                                         "Het veld note is verplicht.",
                                         "Het veld name mag niet langer zijn dan 3 tekens.",
                                         "Het veld born moet een datum zijn zoals 2024-01-31.",
                                         "Het veld shoes moet een getal zijn."});
  refused = send(engine, {.uuid = form.uuid, .answers = answers});
  REQUIRE(!refused);
  CHECK(refused.error().fields[0].message == "The email field must be a valid email address.");

  std::string html;
  REQUIRE(engine.database().read(engine.caller().account_id, [&](Transaction& t) -> Result<> {
    Call call{.transaction = t, .caller = engine.caller(), .settings = engine.settings};
    FormRow row = TRY(form_of(t, form.uuid));
    Questionnaire asked = TRY(questionnaire(call, fields_of(row)));
    FormFilling filling{.answers = answers,
                        .problems = answers_in(asked, answers, t.now()).problems};
    html =
        problems_element(asked, filling.problems, Language::nl) +
        form_element({.form = row, .asked = asked, .filling = filling, .language = Language::nl});
    return {};
  }));
  CHECK(holds(html, "<p>Er is nog niets verstuurd. Kijk dit nog even na:</p>"));
  CHECK(holds(html,
              "<bdi>&lt;b&gt;E-mail&lt;/b&gt;</bdi></a> moet een geldig e-mailadres zijn</li>"));
  CHECK(holds(html, "data-problem=\"note\">Dit is verplicht.</p>"));
  CHECK(holds(html, "value=\"&lt;i&gt;\""));
  CHECK(!holds(html, "<b>"));
  CHECK(!holds(html, "<i>"));
}

TEST_CASE("the thanks are the form's own, else in the language of who is thanked") {
  TestEngine engine;
  std::vector<FormField> fields = {{.name = "note", .label = "Note"}};
  Visit dutch{.language = Language::nl};
  auto plain = send(engine, {.uuid = make(engine, fields).uuid}, dutch);
  REQUIRE(plain);
  CHECK(plain->message == "Bedankt. We hebben het ontvangen.");
  auto own = send(engine, {.uuid = make(engine, fields, {.thanks = "Cheers"}).uuid}, dutch);
  REQUIRE(own);
  CHECK(own->message == "Cheers");
}

TEST_CASE("the script writes texts alone, and no markup") {
  std::string script(form_script());
  for (std::string_view way : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write",
                               "eval(", "new Function", "setTimeout(\""}) {
    CHECK_MESSAGE(!holds(script, way), way);
  }
  CHECK(holds(script, "textContent"));
}

}  // namespace piggy
