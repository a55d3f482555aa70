-- Calls a tool about random contacts over MCP: wrk … -- TOKEN UUIDS_FILE TOOL [SHOP_UUID]
-- With a shop it is a reception of one credit there.
local uuids, headers, head, tail = {}, nil, nil, nil

function init(args)
  local tool, shop = args[3], args[4]
  headers = { Authorization = "Bearer " .. args[1],
              ["Content-Type"] = "application/json",
              Accept = "application/json, text/event-stream",
              ["MCP-Protocol-Version"] = "2026-07-28",
              ["Mcp-Method"] = "tools/call",
              ["Mcp-Name"] = tool }
  for line in io.lines(args[2]) do uuids[#uuids + 1] = line end
  head = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"' .. tool .. '",'
      .. '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",'
      .. '"io.modelcontextprotocol/clientCapabilities":{}},"arguments":{'
      .. (shop and '"shop_uuid":"' .. shop .. '","credits":1,' or '') .. '"contact_uuid":"'
  tail = '"}}}'
  math.randomseed(os.time() + tonumber(tostring({}):sub(8), 16) % 1000000)
end

function request()
  return wrk.format("POST", "/mcp", headers, head .. uuids[math.random(#uuids)] .. tail)
end
