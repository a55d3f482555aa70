#include "mcp/mirror.h"

#include <sodium.h>

#include <algorithm>
#include <charconv>

namespace piggy::mcp {
namespace {

constexpr std::string_view base64_prefix = "=?base64?";
constexpr std::string_view base64_suffix = "?=";

std::string_view trim(std::string_view text) {
  std::size_t from = text.find_first_not_of(" \t");
  if (from == text.npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

std::unexpected<Failure> mismatch(std::string message) {
  return refuse(Code::header_mismatch, std::move(message), 400);
}

bool has_header(const http::Request& request, std::string_view name) {
  return std::ranges::any_of(request.headers, [&](const http::Header& header) {
    return header.name.size() == name.size() &&
           std::ranges::equal(header.name, name, [](unsigned char a, unsigned char b) {
             return std::tolower(a) == std::tolower(b);
           });
  });
}

// The member of `params` that Mcp-Name repeats, or "".
std::string_view name_member(std::string_view method) {
  if (method == "tools/call" || method == "prompts/get") return "name";
  if (method == "resources/read") return "uri";
  if (method == "tasks/get" || method == "tasks/update" || method == "tasks/cancel")
    return "taskId";
  return {};
}

// Numbers are compared by amount, so that 7 and 07 and 7.0 are the same; the rest letter by letter.
bool same(std::string_view header, const Value& value) {
  if (const auto* text = value.text()) return header == *text;
  if (const auto* boolean = value.boolean()) return header == (*boolean ? "true" : "false");
  double wanted = 0;
  if (const auto* integer = value.integer()) {
    std::int64_t exact = 0;
    auto [end, problem] = std::from_chars(header.data(), header.data() + header.size(), exact);
    if (problem == std::errc() && end == header.data() + header.size()) return exact == *integer;
    wanted = static_cast<double>(*integer);
  } else if (const auto* number = value.number()) {
    wanted = *number;
  } else {
    return false;
  }
  double amount = 0;
  auto [end, problem] = std::from_chars(header.data(), header.data() + header.size(), amount);
  return problem == std::errc() && end == header.data() + header.size() && amount == wanted;
}

const Value* value_at(const Value& arguments, const std::vector<std::string>& path) {
  const Value* value = &arguments;
  for (const std::string& name : path) {
    if (value) value = value->find(name);
  }
  return value && !value->is_null() ? value : nullptr;
}

}  // namespace

std::optional<std::string> decode_header(std::string_view value) {
  value = trim(value);
  bool printable = std::ranges::all_of(
      value, [](unsigned char c) { return c == '\t' || (c >= 0x20 && c < 0x7f); });
  if (!printable) return std::nullopt;
  bool wrapped = value.size() >= base64_prefix.size() + base64_suffix.size() &&
                 value.starts_with(base64_prefix) && value.ends_with(base64_suffix);
  if (!wrapped) return std::string(value);
  value.remove_prefix(base64_prefix.size());
  value.remove_suffix(base64_suffix.size());
  std::string text(value.size(), '\0');
  std::size_t length = 0;
  const char* end = nullptr;
  int problem =
      sodium_base642bin(reinterpret_cast<unsigned char*>(text.data()), text.size(), value.data(),
                        value.size(), nullptr, &length, &end, sodium_base64_VARIANT_ORIGINAL);
  if (problem || end != value.data() + value.size()) return std::nullopt;
  text.resize(length);
  return text;
}

Checked<> check_version_header(const http::Request& request, std::string_view version) {
  if (trim(request.header("MCP-Protocol-Version")) == version) return {};
  return mismatch("The header MCP-Protocol-Version must repeat the protocol version of `_meta`.");
}

Checked<> check_routing_headers(const http::Request& request, const Message& message) {
  if (trim(request.header("Mcp-Method")) != message.method) {
    return mismatch("The header Mcp-Method must repeat the method.");
  }
  std::string_view member = name_member(message.method);
  if (member.empty()) return {};
  const Value* name = message.params.find(member);
  if (!name || !name->text()) return {};  // The method itself will say what is missing.
  auto header = decode_header(request.header("Mcp-Name"));
  if (has_header(request, "Mcp-Name") && header && *header == *name->text()) return {};
  return mismatch("The header Mcp-Name must repeat `" + std::string(member) + "`.");
}

Checked<> check_parameter_headers(const http::Request& request, const ToolList::Entry& tool,
                                  const Value& arguments) {
  for (const HeaderParameter& parameter : tool.headers) {
    const Value* value = value_at(arguments, parameter.path);
    bool present = has_header(request, parameter.header);
    if (!value && !present) continue;
    auto header = decode_header(request.header(parameter.header));
    if (value && present && header && same(*header, *value)) continue;
    return mismatch("The header " + parameter.header + " must repeat the argument `" +
                    parameter.path.back() + "`.");
  }
  return {};
}

}  // namespace piggy::mcp
