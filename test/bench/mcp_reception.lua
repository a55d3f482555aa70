-- Credits random contacts by the tool, over MCP: wrk … -- TOKEN UUIDS_FILE SHOP_UUID
local uuids, headers, head, tail = {}, nil, nil, nil

function init(args)
  headers = { Authorization = "Bearer " .. args[1],
              ["Content-Type"] = "application/json",
              Accept = "application/json, text/event-stream",
              ["MCP-Protocol-Version"] = "2026-07-28",
              ["Mcp-Method"] = "tools/call",
              ["Mcp-Name"] = "piggy_create_credit_reception" }
  for line in io.lines(args[2]) do uuids[#uuids + 1] = line end
  head = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"piggy_create_credit_reception",'
      .. '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",'
      .. '"io.modelcontextprotocol/clientCapabilities":{}},"arguments":{"shop_uuid":"' .. args[3]
      .. '","credits":1,"contact_uuid":"'
  tail = '"}}}'
  math.randomseed(os.time() + tonumber(tostring({}):sub(8), 16) % 1000000)
end

function request()
  return wrk.format("POST", "/mcp", headers, head .. uuids[math.random(#uuids)] .. tail)
end
