#pragma once

// The tools that one principal sees, written out once. Listing them is then a copy, and a call
// finds its tool and the headers that must mirror its arguments without looking into any schema.

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "shape/value.h"

namespace piggy::mcp {

// What a client may assume of a tool without knowing it.
struct ToolHints {
  bool read_only = false;
  bool destructive = true;
  bool idempotent = false;
  bool open_world = true;
};

// Whether a call may be answered with a task (to clients that take tasks), or cannot be answered
// otherwise.
enum class TaskSupport { none, optional, required };

struct Tool {
  std::string name = {};  // 1 to 64 of [A-Za-z0-9_.-].
  std::string title = {};
  std::string description = {};
  // JSON Schema 2020-12, an object at the root. Reaches the client as it is. A property with
  // "x-mcp-header": "X" (text, integer or boolean) is mirrored by the header Mcp-Param-X.
  Value input_schema = Value::object({{"type", "object"}});
  Value output_schema = {};  // Null: none.
  ToolHints hints = {};
  TaskSupport tasks = TaskSupport::none;
  Value meta = {};   // Null: none.
  Value icons = {};  // A list as in the specification; null: none.
};

// An argument that a header mirrors: where it lies in `arguments`, outermost name first.
struct HeaderParameter {
  std::string header = {};  // Whole: "Mcp-Param-X".
  std::vector<std::string> path = {};
};

// Immutable, so any number of threads may read it.
class ToolList {
 public:
  struct Entry {
    Tool tool = {};
    std::vector<HeaderParameter> headers = {};
  };

  // Asserts what the declarations promise: names as above and unique, schemas that are objects,
  // header names that are tokens and unique without regard to case.
  static std::shared_ptr<const ToolList> make(std::vector<Tool> tools);

  // Nullptr when there is no such tool.
  const Entry* find(std::string_view name) const;
  const std::vector<Entry>& entries() const { return entries_; }
  // The JSON array of all tools, for the modern revision or for the legacy ones.
  const std::string& json(bool modern) const { return modern ? modern_json_ : legacy_json_; }

 private:
  std::vector<Entry> entries_;
  std::unordered_map<std::string_view, const Entry*> by_name_;  // Keys point into entries_.
  std::string modern_json_;
  std::string legacy_json_;
};

}  // namespace piggy::mcp
