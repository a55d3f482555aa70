#include "mcp/tool_list.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "base/assert.h"
#include "base/lower_case.h"
#include "mcp/message.h"
#include "shape/json.h"

namespace piggy::mcp {
namespace {

bool is_tool_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '.' || c == '-';
  });
}

// RFC 9110: what a header's name may be made of.
bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) || std::string_view("!#$%&'*+-.^_`|~").contains(c);
  });
}

// Only what is reached through `properties` counts: behind a $ref, an anyOf or a list no one could
// say which value the header should hold.
void find_headers(const Value& schema, std::vector<std::string>& path,
                  std::vector<HeaderParameter>& found) {
  const Value* properties = schema.find("properties");
  if (!properties || !properties->members()) return;
  for (const Member& property : *properties->members()) {
    path.push_back(property.name);
    if (const Value* header = property.value.find("x-mcp-header")) {
      std::string_view type = property.value.text_of("type");
      ASSERT(header->text() && is_token(*header->text()));
      ASSERT(type == "string" || type == "integer" || type == "boolean");
      found.push_back({"Mcp-Param-" + *header->text(), path});
    }
    find_headers(property.value, path, found);
    path.pop_back();
  }
}

void check_headers(const std::vector<HeaderParameter>& headers) {
  std::set<std::string> seen;
  for (const HeaderParameter& parameter : headers) {
    ASSERT(seen.insert(lower_case(parameter.header)).second);
  }
}

void write_hints(std::string& out, const Tool& tool) {
  Members hints(out);
  hints.text_if("title", tool.title);
  hints.boolean("readOnlyHint", tool.hints.read_only);
  hints.boolean("destructiveHint", tool.hints.destructive && !tool.hints.read_only);
  hints.boolean("idempotentHint", tool.hints.idempotent);
  hints.boolean("openWorldHint", tool.hints.open_world);
  hints.close();
}

// Before 2026-07-28 a structured result was always an object, and clients check the schema for it.
bool fits_legacy(const Value& output_schema) { return output_schema.text_of("type") == "object"; }

void write_tool(std::string& out, const Tool& tool, bool modern) {
  Members members(out);
  members.text("name", tool.name);
  members.text_if("title", tool.title);
  members.text_if("description", tool.description);
  members.value("inputSchema", tool.input_schema);
  if (modern || fits_legacy(tool.output_schema)) {
    members.value_if("outputSchema", tool.output_schema);
  }
  write_hints(members.open("annotations"), tool);
  members.value_if("icons", tool.icons);
  members.value_if("_meta", tool.meta);
  members.close();
}

std::string write_tools(const std::vector<ToolList::Entry>& entries, bool modern) {
  std::string out = "[";
  for (const ToolList::Entry& entry : entries) {
    if (out.size() > 1) out += ',';
    write_tool(out, entry.tool, modern);
  }
  out += ']';
  return out;
}

}  // namespace

std::shared_ptr<const ToolList> ToolList::make(std::vector<Tool> tools) {
  auto list = std::make_shared<ToolList>();
  list->entries_.reserve(tools.size());
  for (Tool& tool : tools) {
    ASSERT(is_tool_name(tool.name));
    ASSERT(tool.input_schema.text_of("type") == "object");
    ASSERT(tool.output_schema.is_null() || tool.output_schema.members());
    Entry entry{.tool = std::move(tool)};
    std::vector<std::string> path;
    find_headers(entry.tool.input_schema, path, entry.headers);
    check_headers(entry.headers);
    list->entries_.push_back(std::move(entry));
  }
  for (const Entry& entry : list->entries_) {
    ASSERT(list->by_name_.emplace(entry.tool.name, &entry).second);
  }
  list->modern_json_ = write_tools(list->entries_, true);
  list->legacy_json_ = write_tools(list->entries_, false);
  return list;
}

const ToolList::Entry* ToolList::find(std::string_view name) const {
  auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

}  // namespace piggy::mcp
