#pragma once

// Lists of messages in one POST, which only revision 2025-03-26 has. The answers leave together,
// when the last one is there; nothing can be sent before.

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "mcp/message.h"
#include "mcp/outlet.h"
#include "shape/value.h"

namespace piggy::mcp {

// The messages of a batch; refused for other versions, for an empty list and for a very long one.
// A client that names no version speaks this one.
Checked<Value::List> read_batch(Value list, std::string_view version);

// Responds when the last outlet that shares it is gone.
class Batch {
 public:
  explicit Batch(http::Responder responder) : responder_(std::move(responder)) {}
  ~Batch();

  void add(std::string answer);

 private:
  http::Responder responder_;
  std::mutex mutex_;
  std::string answers_;
};

class BatchOutlet final : public Outlet {
 public:
  explicit BatchOutlet(std::shared_ptr<Batch> batch) : batch_(std::move(batch)) {}

  void send(std::string) override {}
  void finish(int, std::string message) override {
    batch_->add(std::move(message));
    batch_.reset();
  }
  void abandon() override { batch_.reset(); }
  bool can_send() const override { return false; }

 private:
  std::shared_ptr<Batch> batch_;
};

}  // namespace piggy::mcp
