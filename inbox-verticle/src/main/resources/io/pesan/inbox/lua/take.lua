-- Leases an inbox to one hand-over and reads its oldest messages, if any are pending and no other hand-over has it.
--
-- KEYS[1] inbox (stream)  KEYS[2] lease
-- ARGV[1] the lease's owner  ARGV[2] the lease's length in ms  ARGV[3] most messages
-- ARGV[4] most bytes; a single message may have more  ARGV[5] deadline in Redis's clock, in ms
--
-- Returns id and message, one after the other; nothing: no lease was taken; "late": none was for that reason.

local holder = redis.call('GET', KEYS[2])
-- A hand-over that has it already asked before and got no answer. One that would last longer than it was taken for outlives
-- itself, for the clock was set back: nobody may be there any more to end it.
if holder and holder ~= ARGV[1] and redis.call('PTTL', KEYS[2]) <= tonumber(ARGV[2]) then
  return {}
end

local taken, count = read_pending(KEYS[1], '-', tonumber(ARGV[3]), tonumber(ARGV[4]))
if count > 0 then
  local time = redis.call('TIME')
  if time[1] * 1000 + time[2] / 1000 > tonumber(ARGV[5]) then
    return {'late'}
  end
  -- A Redis whose memory is full refuses a script whose first write takes some, and reading is what frees it.
  redis.call('DEL', KEYS[2])
  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
end
return taken
