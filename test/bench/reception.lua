-- Credits random contacts, each with a key of its own: wrk … -- TOKEN UUIDS_FILE SHOP_UUID
local uuids, headers, head, prefix, count = {}, nil, nil, nil, 0

function init(args)
  headers = { Authorization = "Bearer " .. args[1],
              ["Content-Type"] = "application/x-www-form-urlencoded" }
  for line in io.lines(args[2]) do uuids[#uuids + 1] = line end
  head = "shop_uuid=" .. args[3] .. "&credits=1&contact_uuid="
  -- Random, so that keys of other threads and runs do not meet.
  local random = io.open("/dev/urandom", "rb")
  local bytes = random:read(12)
  random:close()
  prefix = bytes:gsub(".", function(byte) return string.format("%02x", byte:byte()) end)
  math.randomseed(bytes:byte(1) * 65536 + bytes:byte(2) * 256 + bytes:byte(3))
end

function request()
  count = count + 1
  headers["Idempotency-Key"] = prefix .. count
  return wrk.format("POST", "/api/v3/oauth/clients/credit-receptions", headers,
                    head .. uuids[math.random(#uuids)])
end
