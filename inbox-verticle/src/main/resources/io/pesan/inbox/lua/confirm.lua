-- Removes what a hand-over delivered and ends its lease.
--
-- KEYS[1] inbox (stream)  KEYS[2] usage (hash: bytes ever appended, bytes ever removed)  KEYS[3] lease
-- ARGV[1] the lease's owner  ARGV[2] id of the last message delivered  ARGV[3] the id that follows it
--
-- Returns how many messages were removed; -1: the lease is not the owner's, and nothing was changed.

if redis.call('GET', KEYS[3]) ~= ARGV[1] then
  return -1
end
local last = redis.call('XREVRANGE', KEYS[1], ARGV[2], '-', 'COUNT', 1)[1]
local removed = 0
if last then
  -- Trimmed, never deleted: an empty stream still knows its last id, and ids must only grow.
  removed = redis.call('XTRIM', KEYS[1], 'MINID', '=', ARGV[3])
  redis.call('HSET', KEYS[2], 'removed', last[2][8])
end
redis.call('DEL', KEYS[3])
return removed
