-- Leases an inbox to one hand-over and reads its oldest messages, if any are pending and no other hand-over has it.
--
-- KEYS[1] inbox (stream)  KEYS[2] lease
-- ARGV[1] the lease's owner  ARGV[2] the lease's length in ms  ARGV[3] most messages
-- ARGV[4] most bytes; a single message may have more
--
-- Returns id and message, one after the other; nothing: no lease was taken.

local holder = redis.call('GET', KEYS[2])
-- A hand-over that has it already asked before and got no answer.
if holder and holder ~= ARGV[1] then
  return {}
end

-- Read in slices, so that no more than one slice is read in vain when the messages are long.
local SLICE = 64
local most, left = tonumber(ARGV[3]), tonumber(ARGV[4])
local taken, count, after = {}, 0, '-'
repeat
  local asked = math.min(SLICE, most - count)
  local slice = redis.call('XRANGE', KEYS[1], after, '+', 'COUNT', asked)
  for _, entry in ipairs(slice) do
    local message = entry[2][2]
    left = left - #message
    if left < 0 and count > 0 then
      break
    end
    taken[count * 2 + 1], taken[count * 2 + 2] = entry[1], message
    count = count + 1
    after = '(' .. entry[1]
  end
until left < 0 or count >= most or #slice < asked

if count > 0 then
  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
end
return taken
