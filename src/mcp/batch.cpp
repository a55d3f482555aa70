#include "mcp/batch.h"

namespace piggy::mcp {
namespace {

constexpr std::size_t batch_max = 100;
constexpr std::string_view batch_version = "2025-03-26";

}  // namespace

Checked<Value::List> read_batch(Value list, std::string_view version) {
  if (!version.empty() && version != batch_version) {
    return refuse(Code::invalid_request, "This protocol version has no batches.", 400);
  }
  Value::List messages = std::move(*list.items());
  if (messages.empty() || messages.size() > batch_max) {
    return refuse(Code::invalid_request, "A batch has 1 to 100 messages.", 400);
  }
  for (const Value& message : messages) {
    if (message.text_of("method") == "initialize") {
      return refuse(Code::invalid_request, "`initialize` stands alone.", 400);
    }
  }
  return messages;
}

Batch::~Batch() {
  bool silent = answers_.empty();
  responder_.respond(silent ? json_response(202, {}) : json_response(200, "[" + answers_ + "]"));
}

void Batch::add(std::string answer) {
  std::scoped_lock lock(mutex_);
  if (!answers_.empty()) answers_ += ',';
  answers_ += answer;
}

}  // namespace piggy::mcp
