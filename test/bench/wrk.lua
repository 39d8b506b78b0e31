-- Sends the requests of a file in turn, each with an id of its own; at the end prints what came of them as JSON.
local file = assert(io.open(os.getenv('REQUESTS'), 'rb'))
local parts = {}
for head, tail in file:read('*a'):gmatch('(%Z*)%z(%Z*)%z') do parts[#parts + 1] = { head, tail } end
file:close()
local sender, sent = os.getenv('SENDER'), 0

function request()
  local part = parts[sent % #parts + 1]
  sent = sent + 1
  return part[1] .. sender .. string.format('-%08d', sent) .. part[2]
end

function done(summary, latency)
  local errors = summary.errors
  io.stderr:write(string.format(
    '{"answered":%d,"refused":%d,"broken":%d,"us":%d,"p50us":%d,"p99us":%d}',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration, latency:percentile(50), latency:percentile(99)))
end
