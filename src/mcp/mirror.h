#pragma once

// Revision 2026-07-28 repeats parts of a request in HTTP headers, so that gateways can route
// without reading bodies. A server that reads both must refuse requests in which they differ:
// otherwise the gateway would have judged another call than the one that runs.

#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"
#include "mcp/message.h"
#include "mcp/tool_list.h"

namespace piggy::mcp {

// The text that a header's value stands for: surrounding blanks gone, "=?base64?…?=" decoded.
// Nothing for broken base64 or bytes that no header may hold.
std::optional<std::string> decode_header(std::string_view value);

// MCP-Protocol-Version against the `_meta` of the body.
Checked<> check_version_header(const http::Request& request, std::string_view version);
// Mcp-Method, and Mcp-Name for the methods that name something.
Checked<> check_routing_headers(const http::Request& request, const Message& message);
// Mcp-Param-*, as the tool's schema asks for them.
Checked<> check_parameter_headers(const http::Request& request, const ToolList::Entry& tool,
                                  const Value& arguments);

}  // namespace piggy::mcp
