-- Reads balances of random contacts: wrk … -- TOKEN UUIDS_FILE
local uuids, headers = {}, nil

function init(args)
  headers = { Authorization = "Bearer " .. args[1] }
  for line in io.lines(args[2]) do uuids[#uuids + 1] = line end
  math.randomseed(os.time() + tonumber(tostring({}):sub(8), 16) % 1000000)
end

function request()
  local uuid = uuids[math.random(#uuids)]
  return wrk.format("GET", "/api/v3/oauth/clients/contacts/" .. uuid .. "/credit-balance", headers)
end
