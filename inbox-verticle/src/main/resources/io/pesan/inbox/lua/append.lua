-- Appends messages to one inbox, in their order, as far as its quota allows.
--
-- KEYS[1] account  KEYS[2] inbox (stream)  KEYS[3] bytes of the messages in the inbox; not there: they are few
-- ARGV[1] deadline in Redis's clock, in ms  ARGV[2] most pending messages, 0: any number
-- ARGV[3] most pending bytes, 0: any number  ARGV[4] how many messages are few: however long, they have fewer bytes
-- ARGV[5..] the messages
--
-- Returns words with a space between: the ids of the messages that were stored, and, if that was not all of them, why
-- the rest was refused: "late" or "unknown" (of all), or "full" (of the first that did not fit and all after it).

local pending = redis.call('XLEN', KEYS[2])
-- Where messages are pending there is an account: its inbox is removed together with it.
if pending == 0 and redis.call('EXISTS', KEYS[1]) == 0 then
  return 'unknown'
end

local room = math.huge
if ARGV[2] ~= '0' then
  room = tonumber(ARGV[2]) - pending
end

-- Bytes are counted only while they may matter: most inboxes have a few messages, and to read and write a counter costs
-- as much as to store a message. From the moment at which an inbox has that many, the counter is there and right.
local few, counted, before = tonumber(ARGV[4]), nil, nil
local ceiling = math.huge
if ARGV[3] ~= '0' and pending + #ARGV - 4 > few then
  ceiling = tonumber(ARGV[3])
  before = redis.call('GET', KEYS[3])
  counted = tonumber(before or 0)
  local after = not before and '-'
  while after do
    local slice = redis.call('XRANGE', KEYS[2], after, '+', 'COUNT', 100)
    for _, entry in ipairs(slice) do
      counted = counted + #entry[2][2]
    end
    after = #slice == 100 and '(' .. slice[100][1]
  end
end

local function is_late()
  local time = redis.call('TIME')
  return time[1] * 1000 + time[2] / 1000 > tonumber(ARGV[1])
end

local words, stored = {}, 0
for i = 5, #ARGV do
  local message = ARGV[i]
  if stored >= room or (counted or 0) + #message > ceiling then
    words[stored + 1] = 'full'
    break
  end
  local id = redis.call('XADD', KEYS[2], '*', 'm', message)
  -- An id begins with Redis's clock in ms, or a later time if the clock was set back: 13 digits, as the deadline has.
  -- So nobody is late whose id is not behind the deadline, and most calls need not ask for the time.
  if stored == 0 and id > ARGV[1] and is_late() then
    redis.call('XDEL', KEYS[2], id)
    return 'late'
  end
  stored = stored + 1
  words[stored] = id
  if counted then
    counted = counted + #message
  end
end

if counted and pending + stored >= few then
  local total = string.format('%.0f', counted)
  if total ~= before then
    redis.call('SET', KEYS[3], total)
  end
end
return table.concat(words, ' ')
