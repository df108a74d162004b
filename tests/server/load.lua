-- One question with a place in its list that changes from request to request, so that few answers are at hand.
--   wrk … -s load.lua URL -- PATH MOST      PATH holds %d for a number from 0 to MOST
local path, most

function init(args)
  path = args[1]
  most = tonumber(args[2]) or 0
  math.randomseed(os.time() + tonumber(tostring({}):match("0x(%x+)"), 16) % 100000)
end

function request()
  if most == 0 then return wrk.format("GET", path) end
  return wrk.format("GET", (path:gsub("%%d", tostring(math.random(0, most)))))
end

function done(summary, latency, requests)
  local e = summary.errors
  -- what the path is, only the threads know
  io.write(string.format("%8.0f %9.1f %9.1f %9.1f %7d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000,
    e.connect + e.read + e.write + e.status + e.timeout))
end
