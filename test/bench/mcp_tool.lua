-- Calls a tool without arguments over MCP: wrk … -- TOKEN TOOL
local whole = nil

function init(args)
  local headers = { Authorization = "Bearer " .. args[1],
                    ["Content-Type"] = "application/json",
                    Accept = "application/json, text/event-stream",
                    ["MCP-Protocol-Version"] = "2026-07-28",
                    ["Mcp-Method"] = "tools/call",
                    ["Mcp-Name"] = args[2] }
  whole = wrk.format("POST", "/mcp", headers,
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"' .. args[2] .. '",'
    .. '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",'
    .. '"io.modelcontextprotocol/clientCapabilities":{}},"arguments":{}}}')
end

function request()
  return whole
end
