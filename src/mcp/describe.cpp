#include "mcp/describe.h"

#include "mcp/message.h"

namespace piggy::mcp {
namespace {

constexpr std::string_view changing = R"({"listChanged":true})";

std::string capabilities(const Options& options, bool modern) {
  std::string out;
  Members members(out);
  members.json("tools", changing);
  if (options.prompts) members.json("prompts", changing);
  if (options.resources) members.json("resources", R"({"subscribe":true,"listChanged":true})");
  if (options.completions) members.json("completions", "{}");
  members.json("logging", "{}");
  if (modern && options.tasks) {
    members.json("extensions", R"({"io.modelcontextprotocol/tasks":{}})");
  }
  members.close();
  return out;
}

std::string server_info(const Options& options) {
  std::string out;
  Members members(out);
  members.text("name", options.name);
  members.text_if("title", options.title);
  members.text("version", options.version);
  members.text_if("websiteUrl", options.website);
  members.close();
  return out;
}

}  // namespace

Description describe(const Options& options) {
  return {.server_info = server_info(options),
          .modern_capabilities = capabilities(options, true),
          .legacy_capabilities = capabilities(options, false)};
}

}  // namespace piggy::mcp
