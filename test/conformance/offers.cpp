// Prompts, resources and completion of the fixture.

#include "fixture_service.h"
#include "shape/json.h"

namespace piggy::conformance {
namespace {

constexpr std::string_view template_begin = "test://template/";
constexpr std::string_view template_end = "/data";

Value says(Value content) {
  return Value::object({{"role", "user"}, {"content", std::move(content)}});
}

mcp::PromptResult prompt_of(Value::List messages) { return {.messages = std::move(messages)}; }

Result<mcp::PromptOutcome> play_prompt(const mcp::Get& get) {
  auto argument = [&](std::string_view name) { return std::string(get.arguments.text_of(name)); };
  if (get.name == "test_simple_prompt" || get.name == "test_extra_prompt") {
    return prompt_of({says(mcp::text_content("This is a simple prompt for testing."))});
  }
  if (get.name == "test_prompt_with_arguments") {
    return prompt_of({says(mcp::text_content("Prompt with arguments: arg1='" + argument("arg1") +
                                             "', arg2='" + argument("arg2") + "'"))});
  }
  if (get.name == "test_prompt_with_embedded_resource") {
    return prompt_of({says(mcp::embedded_text(argument("resourceUri"), "text/plain",
                                              "Embedded resource content for testing.")),
                      says(mcp::text_content("Please process the embedded resource above."))});
  }
  if (get.name == "test_prompt_with_image") {
    return prompt_of({says(mcp::image_content(tiny_png, "image/png")),
                      says(mcp::text_content("Please analyze the image above."))});
  }
  if (get.name == "test_input_required_result_prompt") {
    const Value* answer = get.asked.answer("user_context");
    if (!answer) {
      return mcp::InputRequired{
          {form("user_context", "What context should the prompt use?", "context")}};
    }
    return prompt_of({says(mcp::text_content("Context: " + to_json(*answer)))});
  }
  return fail(ErrorCode::not_found, "There is no prompt " + get.name + ".");
}

Result<mcp::ResourceOutcome> play_resource(const std::string& uri) {
  auto text = [&](std::string_view mime_type, std::string_view content) {
    mcp::ResourceResult result;
    result.contents.push(
        Value::object({{"uri", uri}, {"mimeType", mime_type}, {"text", content}}));
    return result;
  };
  if (uri == "test://static-text") {
    return text("text/plain", "This is the content of the static text resource.");
  }
  if (uri == "test://watched-resource") return text("text/plain", "This may change.");
  if (uri == "test://static-binary") {
    mcp::ResourceResult result;
    result.contents.push(
        Value::object({{"uri", uri}, {"mimeType", "image/png"}, {"blob", tiny_png}}));
    return result;
  }
  if (uri.starts_with(template_begin) && uri.ends_with(template_end) &&
      uri.size() > template_begin.size() + template_end.size()) {
    std::string id = uri.substr(template_begin.size());
    id.resize(id.size() - template_end.size());
    return text("application/json", to_json(Value::object({{"id", id},
                                                           {"templateTest", true},
                                                           {"data", "Data for ID: " + id}})));
  }
  return fail(ErrorCode::not_found, "Resource not found");
}

}  // namespace

std::vector<mcp::Prompt> FixtureService::prompts(const mcp::Principal&) {
  std::vector<mcp::Prompt> all = {
      {.name = "test_simple_prompt", .description = "Says one thing."},
      {.name = "test_prompt_with_arguments",
       .description = "Repeats its arguments.",
       .arguments = {{.name = "arg1", .description = "First test argument", .required = true},
                     {.name = "arg2", .description = "Second test argument", .required = true}}},
      {.name = "test_prompt_with_embedded_resource",
       .description = "Embeds a resource.",
       .arguments = {{.name = "resourceUri",
                      .description = "URI of the resource to embed",
                      .required = true}}},
      {.name = "test_prompt_with_image", .description = "Shows an image."},
      {.name = "test_input_required_result_prompt", .description = "Asks for context."},
  };
  std::scoped_lock lock(mutex_);
  if (extra_prompt_) all.push_back({.name = "test_extra_prompt", .description = "Comes and goes."});
  return all;
}

void FixtureService::get_prompt(mcp::Get get, std::shared_ptr<mcp::Context>,
                                std::function<void(Result<mcp::PromptOutcome>)> done) {
  done(play_prompt(get));
}

std::vector<mcp::Resource> FixtureService::resources(const mcp::Principal&) {
  return {{.uri = "test://static-text",
           .name = "static-text",
           .description = "A text that stays the same.",
           .mime_type = "text/plain"},
          {.uri = "test://static-binary",
           .name = "static-binary",
           .description = "An image that stays the same.",
           .mime_type = "image/png"},
          {.uri = "test://watched-resource",
           .name = "watched-resource",
           .description = "A text that may change.",
           .mime_type = "text/plain"}};
}

std::vector<mcp::Resource> FixtureService::resource_templates(const mcp::Principal&) {
  return {{.uri = "test://template/{id}/data",
           .name = "template",
           .description = "Data by its id.",
           .mime_type = "application/json"}};
}

void FixtureService::read_resource(mcp::Get get, std::shared_ptr<mcp::Context>,
                                   std::function<void(Result<mcp::ResourceOutcome>)> done) {
  done(play_resource(get.name));
}

void FixtureService::complete(mcp::Complete request,
                              std::function<void(Result<mcp::Completion>)> done) {
  mcp::Completion completion;
  for (std::string_view value : {"paris", "park", "party", "test"}) {
    if (value.starts_with(request.value)) completion.values.emplace_back(value);
  }
  done(std::move(completion));
}

}  // namespace piggy::conformance
