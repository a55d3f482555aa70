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
                      .problems = {{"a", text}}};
  html = form_element({.form = row, .asked = asked, .filling = filling, .action = text}) +
         problems_element(asked, filling.problems);
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

TEST_CASE("the script writes texts alone, and no markup") {
  std::string script(form_script());
  for (std::string_view way : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write",
                               "eval(", "new Function", "setTimeout(\""}) {
    CHECK_MESSAGE(!holds(script, way), way);
  }
  CHECK(holds(script, "textContent"));
}

}  // namespace piggy
