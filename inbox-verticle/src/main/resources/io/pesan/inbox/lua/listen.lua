-- Lets a gateway be told of new messages for some time, and reads those that are there.
--
-- KEYS[1] inbox (stream)  KEYS[2] gateways that are told (sorted set by when that lapses, in ms)
-- ARGV[1] where to begin, as XRANGE has it  ARGV[2] most messages  ARGV[3] most bytes; a single message may have more
-- ARGV[4] the gateway  ARGV[5] for how long it is told, in ms
--
-- Returns when that lapses; 1 if more messages are pending behind those read, else 0; then id and message, one after the
-- other.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
local lapses = string.format('%.0f', now + tonumber(ARGV[5]))
redis.call('ZADD', KEYS[2], lapses, ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[5])

local messages, _, more = read_pending(KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]))
table.insert(messages, 1, more and 1 or 0)
table.insert(messages, 1, lapses)
return messages
