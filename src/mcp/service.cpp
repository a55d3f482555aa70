#include "mcp/service.h"

namespace piggy::mcp {

const Value* Asked::answer(std::string_view key) const {
  const Value* found = responses.find(key);
  return found && found->members() ? found : nullptr;
}

Value text_content(std::string_view text) {
  return Value::object({{"type", "text"}, {"text", text}});
}

Value image_content(std::string_view base64, std::string_view mime_type) {
  return Value::object({{"type", "image"}, {"data", base64}, {"mimeType", mime_type}});
}

Value audio_content(std::string_view base64, std::string_view mime_type) {
  return Value::object({{"type", "audio"}, {"data", base64}, {"mimeType", mime_type}});
}

Value embedded_text(std::string_view uri, std::string_view mime_type, std::string_view text) {
  return Value::object(
      {{"type", "resource"},
       {"resource", Value::object({{"uri", uri}, {"mimeType", mime_type}, {"text", text}})}});
}

ToolResult text_result(std::string_view text, bool is_error) {
  ToolResult result;
  result.content.push_back(text_content(text));
  result.is_error = is_error;
  return result;
}

// What a Service does not offer, it does not have.

void Service::get_prompt(Get get, std::shared_ptr<Context>,
                         std::function<void(Result<PromptOutcome>)> done) {
  done(fail(ErrorCode::not_found, "There is no prompt " + get.name + "."));
}

void Service::read_resource(Get get, std::shared_ptr<Context>,
                            std::function<void(Result<ResourceOutcome>)> done) {
  done(fail(ErrorCode::not_found, "There is no resource " + get.name + "."));
}

void Service::complete(Complete, std::function<void(Result<Completion>)> done) {
  done(Completion{});
}

void Service::get_task(const Principal&, std::string, std::function<void(Result<Task>)> done) {
  done(fail(ErrorCode::not_found, "There is no such task."));
}

void Service::update_task(const Principal&, std::string, Value,
                          std::function<void(Result<>)> done) {
  done(fail(ErrorCode::not_found, "There is no such task."));
}

void Service::cancel_task(const Principal&, std::string, std::function<void(Result<>)> done) {
  done(fail(ErrorCode::not_found, "There is no such task."));
}

}  // namespace piggy::mcp
