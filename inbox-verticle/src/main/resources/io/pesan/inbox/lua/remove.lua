-- Removes messages from the head of an inbox: what a hand-over delivered, which ends its lease; what a client acknowledged;
-- what waited for too long.
--
-- KEYS[1] inbox (stream)
-- KEYS[2] counted: bytes of the oldest messages in the inbox, and how many those are (two doubles); not there: of none
-- KEYS[3] lease
-- KEYS[4] removed lately (hash: id by tag; under '': entries up to this id may be missing)
-- ARGV[1] the lease's owner; empty: the messages are removed whoever has the lease
-- ARGV[2] id up to which messages are removed  ARGV[3] the id that follows it
-- ARGV[4] for how long a batch may be sent again, in ms
-- ARGV[5] tags to remember, beyond which those that are there are forgotten
--
-- Returns how many messages were removed; -1: the lease is not the owner's, and nothing was changed.

if ARGV[1] ~= '' and redis.call('GET', KEYS[3]) ~= ARGV[1] then
  return -1
end

-- What goes is taken from the counter as far as it was counted: bytes and messages that it keeps.
local counted = redis.call('GET', KEYS[2])
local bytes, messages = 0, 0
if counted then
  bytes, messages = struct.unpack('<dd', counted)
end
local from = '-'
while from and messages > 0 do
  local most = math.min(messages, 100)
  local slice = redis.call('XRANGE', KEYS[1], from, ARGV[2], 'COUNT', most)
  for _, entry in ipairs(slice) do
    bytes = bytes - #entry[2][2]
  end
  messages = messages - #slice
  from = #slice == most and '(' .. slice[most][1]
end

-- The batch of a young message may be sent again: then it must be known that it was here. Where more are removed than may
-- be remembered, it is the youngest that are, and whoever asks for others hears that nobody knows.
local time = redis.call('TIME')
local young = time[1] * 1000 - tonumber(ARGV[4])
local most = tonumber(ARGV[5])
local entries = {}
if tonumber(string.match(ARGV[2], '^%d+')) >= young then
  entries = redis.call('XREVRANGE', KEYS[1], ARGV[2], string.format('%.0f', young), 'COUNT', most)
end

-- Trimmed, never deleted: an empty stream still knows its last id, and ids must only grow.
local removed = redis.call('XTRIM', KEYS[1], 'MINID', '=', ARGV[3])

-- Behind the first write: a Redis whose memory is full refuses to begin with what may take some, and removing frees it.
if #entries > 0 then
  local fields = {}
  if #entries == most or redis.call('HLEN', KEYS[4]) >= most then
    redis.call('DEL', KEYS[4])
    fields = {'', entries[#entries][1]}
  end
  for _, entry in ipairs(entries) do
    fields[#fields + 1] = string.match(entry[2][2], '^[^\n]*')
    fields[#fields + 1] = entry[1]
  end
  redis.call('HSET', KEYS[4], unpack(fields))
  redis.call('PEXPIRE', KEYS[4], 2 * tonumber(ARGV[4]))
end
if counted then
  -- One that counts none, or more than there are, tells nothing.
  if messages == 0 or messages > redis.call('XLEN', KEYS[1]) then
    redis.call('DEL', KEYS[2])
  elseif removed > 0 then
    redis.call('SET', KEYS[2], struct.pack('<dd', bytes, messages))
  end
end
if ARGV[1] ~= '' then
  redis.call('DEL', KEYS[3])
end
return removed
