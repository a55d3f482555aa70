#include "form/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "email/email.h"
#include "form/submission.h"
#include "form/words.h"
#include "shape/json.h"

namespace piggy {
namespace {

namespace words = form_words;

// The script beside this file's page: no library, nothing global, no markup from texts.
constexpr char script[] = {
#embed "form.js"
};

std::string id_of(std::string_view name) { return fmt::format("field-{}", name); }

const AnswerProblem* problem_of(const FormFilling& filling, std::string_view name) {
  auto found = std::ranges::find(filling.problems, name, &AnswerProblem::name);
  return found == filling.problems.end() ? nullptr : &*found;
}

std::string value_of_answer(const FormFilling& filling, std::string_view name) {
  const Value* value = filling.answers.find(name);
  if (!value || value->is_null()) return {};
  return value->text() ? *value->text() : to_json(*value);
}

bool is_chosen(const FormFilling& filling, const FormQuestion& question, std::string_view option) {
  const Value* value = filling.answers.find(question.field.name);
  if (!value) return false;
  if (const auto* items = value->items()) {
    return std::ranges::find(*items, Value(option)) != items->end();
  }
  return value->text() && *value->text() == option;
}

std::string_view input_type(FormFieldType type) {
  switch (type) {
    case FormFieldType::email:
      return "email";
    case FormFieldType::phone:
      return "tel";
    case FormFieldType::url:
      return "url";
    case FormFieldType::number:
      return "number\" step=\"any";
    case FormFieldType::date:
      return "date";
    default:
      return "text";
  }
}

std::string_view completion(FormFieldType type) {
  if (type == FormFieldType::email) return " autocomplete=\"email\"";
  if (type == FormFieldType::phone) return " autocomplete=\"tel\"";
  return {};
}

class Writer {
 public:
  Writer(const FormFilling& filling, Language language) : filling_(filling), language_(language) {}

  std::string question(const FormQuestion& question) {
    const std::string& name = question.field.name;
    std::string html = "<div class=\"question\">\n";
    switch (question.type) {
      case FormFieldType::boolean:
      case FormFieldType::consent:
        html += tick(question) + below(question);
        break;
      case FormFieldType::multi_select:
        html += fmt::format("<fieldset{}><legend>{}</legend>\n{}{}</fieldset>\n",
                            attributes(question, false), label(question), boxes(question),
                            below(question));
        break;
      default:
        html += fmt::format("<label class=\"field\" for=\"{}\">{}</label>\n{}{}", id_of(name),
                            label(question), control(question), below(question));
    }
    return html + "</div>\n";
  }

 private:
  std::string label(const FormQuestion& question) {
    return fmt::format("<bdi>{}</bdi>{}", escape_html(question.field.label),
                       may_be_left_out(question));
  }

  std::string may_be_left_out(const FormQuestion& question) {
    if (question.required()) return {};
    return fmt::format(" <span class=\"soft\">{}</span>", words::optional.in(language_));
  }

  // What programs for the blind read with a field, and what browsers check.
  std::string attributes(const FormQuestion& question, bool may_require = true) {
    const std::string& name = question.field.name;
    std::string html = fmt::format(" id=\"{0}\" aria-describedby=\"{0}-problem", id_of(name));
    if (question.field.help) html += fmt::format(" {}-help", id_of(name));
    html += '"';
    if (problem_of(filling_, name)) html += " aria-invalid=\"true\"";
    if (may_require && question.required()) html += " required";
    return html;
  }

  std::string below(const FormQuestion& question) {
    const std::string& name = question.field.name;
    std::string html;
    if (question.field.help) {
      html += fmt::format("<p class=\"soft\" id=\"{}-help\"><bdi>{}</bdi></p>\n", id_of(name),
                          escape_html(*question.field.help));
    }
    const AnswerProblem* problem = problem_of(filling_, name);
    return html + fmt::format("<p class=\"problem\" id=\"{}-problem\" data-problem=\"{}\">{}</p>\n",
                              id_of(name), name,
                              problem ? words::below_field.in(
                                            language_, escape_html(problem->what.in(language_)))
                                      : "");
  }

  std::string tick(const FormQuestion& question) {
    const std::string& words = question.field.text.value_or(question.field.label);
    std::string value = value_of_answer(filling_, question.field.name);
    bool ticked = value == "true" || value == "1" || value == "on" || value == "yes";
    return fmt::format(
        "<label class=\"tick\"><input type=\"checkbox\" name=\"{}\" value=\"true\"{}{}>"
        "<span><bdi>{}</bdi>{}</span></label>\n",
        question.field.name, attributes(question), ticked ? " checked" : "", escape_html(words),
        may_be_left_out(question));
  }

  std::string boxes(const FormQuestion& question) {
    std::string html;
    for (const FormOption& option : question.options()) {
      html += fmt::format(
          "<label class=\"tick\"><input type=\"checkbox\" name=\"{}[]\" value=\"{}\"{}>"
          "<span><bdi>{}</bdi></span></label>\n",
          question.field.name, escape_html(option.value),
          is_chosen(filling_, question, option.value) ? " checked" : "", escape_html(option.label));
    }
    return html;
  }

  std::string control(const FormQuestion& question) {
    const std::string& name = question.field.name;
    std::string value = escape_html(value_of_answer(filling_, name));
    std::string most;
    if (question.field.max_length) {
      most = fmt::format(" maxlength=\"{}\"", *question.field.max_length);
    }
    if (question.type == FormFieldType::long_text) {
      // A line break right after the tag is not part of the text.
      return fmt::format("<textarea name=\"{}\" rows=\"5\"{}{}>\n{}</textarea>\n", name,
                         attributes(question), most, value);
    }
    if (question.type != FormFieldType::select) {
      return fmt::format("<input type=\"{}\" name=\"{}\" value=\"{}\"{}{}{}>\n",
                         input_type(question.type), name, value, attributes(question), most,
                         completion(question.type));
    }
    std::string html = fmt::format("<select name=\"{}\"{}>\n<option value=\"\"></option>\n", name,
                                   attributes(question));
    for (const FormOption& option : question.options()) {
      html += fmt::format("<option value=\"{}\"{}>{}</option>\n", escape_html(option.value),
                          is_chosen(filling_, question, option.value) ? " selected" : "",
                          escape_html(option.label));
    }
    return html + "</select>\n";
  }

  const FormFilling& filling_;
  const Language language_;
};

// Programs fill in what they find. People neither see it nor come to it by the keyboard.
std::string trap(bool in_a_snippet, Language language) {
  return fmt::format(
      "<div {} aria-hidden=\"true\"><label for=\"field-{}\">{}</label>"
      "<input type=\"text\" id=\"field-{}\" name=\"{}\" tabindex=\"-1\" autocomplete=\"off\">"
      "</div>\n",
      in_a_snippet ? "hidden" : "class=\"trap\"", trap_field, words::trap.in(language), trap_field,
      trap_field);
}

}  // namespace

std::string form_element(const FormElement& element) {
  std::string of_the_script;
  if (element.in_a_snippet) {
    of_the_script = fmt::format(" data-language=\"{}\" data-not-sent=\"{}\"",
                                tag_of(element.language), words::not_sent.in(element.language));
  }
  std::string html =
      fmt::format("<form method=\"post\" action=\"{}\" data-piggy-form=\"{}\"{}>\n",
                  escape_html(element.action), to_string(element.form.uuid), of_the_script);
  Writer writer(element.filling, element.language);
  for (const FormQuestion& question : element.asked.questions) html += writer.question(question);
  html += trap(element.in_a_snippet, element.language);
  auto hide = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    html +=
        fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", name, escape_html(value));
  };
  hide(stamp_field, element.stamp);
  hide(referral_field, element.referral_code);
  std::string button = page_texts_of(element.form).button.value_or("");
  return html + fmt::format(
                    "<div class=\"buttons\"><button class=\"allow\">{}</button></div>\n"
                    "<p role=\"status\" data-status></p>\n</form>\n",
                    escape_html(button.empty() ? words::send.in(element.language) : button));
}

std::string problems_element(const Questionnaire& asked, const std::vector<AnswerProblem>& problems,
                             Language language) {
  if (problems.empty()) return {};
  std::string html = fmt::format("<div class=\"warn\" role=\"alert\">\n<p>{}</p>\n<ul>\n",
                                 words::look_again.in(language));
  for (const AnswerProblem& problem : problems) {
    const FormQuestion* question = asked.question(problem.name);
    html += fmt::format("<li><a href=\"#{}\"><bdi>{}</bdi></a> {}</li>\n", id_of(problem.name),
                        escape_html(question ? question->field.label : problem.name),
                        escape_html(problem.what.in(language)));
  }
  return html + "</ul>\n</div>\n";
}

std::string thanks_of(const FormRow& form, Language language) {
  std::string thanks = page_texts_of(form).thanks.value_or("");
  return thanks.empty() ? words::thanks.in(language) : thanks;
}

bool asks_by_mail(const Questionnaire& asked, const Value& answers) {
  return std::ranges::any_of(asked.questions, [&](const FormQuestion& question) {
    return question.type == FormFieldType::consent && question.consent &&
           question.consent->strategy == SubscriptionStrategy::DOUBLE_OPT_IN &&
           is_ticked(answers, question.field.name);
  });
}

std::string_view form_script() { return {script, sizeof script}; }

}  // namespace piggy
