-- Appends messages to one inbox, in their order, as far as its quota allows.
--
-- KEYS[1] account  KEYS[2] inbox (stream)  KEYS[3] usage (hash: bytes ever appended, bytes ever removed)
-- ARGV[1] deadline in Redis's clock, in ms  ARGV[2] most pending messages, 0: any number
-- ARGV[3] most pending bytes of text, 0: any number  ARGV[4..] for each message: from, name, text
--
-- Returns words with a space between: the ids of the messages that were stored, and, if that was not all of them, why
-- the rest was refused: "late" or "unknown" (of all), or "full" (of the first that did not fit and all after it).

-- Whoever's inbox was written to before has an account: the counters are removed together with it.
local usage = redis.call('HMGET', KEYS[3], 'appended', 'removed')
if not usage[1] and redis.call('EXISTS', KEYS[1]) == 0 then
  return 'unknown'
end

local appended = tonumber(usage[1] or 0)
local room, ceiling = math.huge, math.huge
if ARGV[2] ~= '0' then
  room = tonumber(ARGV[2]) - redis.call('XLEN', KEYS[2])
end
if ARGV[3] ~= '0' then
  ceiling = tonumber(usage[2] or 0) + tonumber(ARGV[3])
end

local function is_late()
  local time = redis.call('TIME')
  return time[1] * 1000 + time[2] / 1000 > tonumber(ARGV[1])
end

local words, stored = {}, 0
for i = 4, #ARGV, 3 do
  local text = ARGV[i + 2]
  -- What was appended up to and including each message is kept with it: removing up to any message needs no sum.
  local after = appended + #text
  if stored >= room or after > ceiling then
    words[stored + 1] = 'full'
    break
  end
  local id = redis.call('XADD', KEYS[2], '*',
    'from', ARGV[i], 'name', ARGV[i + 1], 'text', text, 'bytes', after)
  -- An id begins with Redis's clock in ms, or a later time if the clock was set back: 13 digits, as the deadline has.
  -- So nobody is late whose id is not behind the deadline, and most calls need not ask for the time (2 of their 14 us).
  if stored == 0 and id > ARGV[1] and is_late() then
    redis.call('XDEL', KEYS[2], id)
    return 'late'
  end
  stored = stored + 1
  words[stored] = id
  appended = after
end
if stored > 0 then
  redis.call('HSET', KEYS[3], 'appended', appended)
end
return table.concat(words, ' ')
