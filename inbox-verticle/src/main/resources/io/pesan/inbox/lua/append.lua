-- Appends messages to one inbox, in their order, as far as its quota allows, but for those that repeat another's tag.
--
-- KEYS[1] account  KEYS[2] inbox (stream)  KEYS[3] bytes of the messages in the inbox; not there: they are few
-- KEYS[4] gateways that are told (sorted set by when that lapses, in ms)
-- KEYS[5] tags (hash: digest of the text, 8 bytes, and id, by the tag's key)  KEYS[6] tags of before; only if there are any
-- ARGV[1] deadline in Redis's clock, in ms  ARGV[2] most pending messages, 0: any number
-- ARGV[3] most pending bytes, 0: any number  ARGV[4] how many messages are few: however long, they have fewer bytes
-- ARGV[5] for how long tags are remembered, in ms  ARGV[6] tags beyond which those of before are forgotten earlier
-- ARGV[7..] the messages; in front of one that has a tag: a zero byte, the tag's key (16 bytes), digest of the text (8)
--
-- Returns words with a space between, for each message: its id if it was stored; "=" and the id of then if its tag and text
-- are known; "reused" if its tag is known with another text; "full" if it did not fit, or one before it did not. "late" and
-- "unknown" hold for all, and the last word holds for all messages that are left. Then, if anything was stored and there are
-- gateways to be told: ">", the id of the message before the first that was stored, and the gateways.

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
if ARGV[3] ~= '0' and pending + #ARGV - 6 > few then
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

-- A tag is remembered for the window at least: the hash begun last is set aside when it is that old, or full, and then lasts
-- for another window.
local tags_turned = false
local function turn_tags()
  tags_turned = true
  local window = tonumber(ARGV[5])
  local left = redis.call('PTTL', KEYS[5])
  if left ~= -2 and (left < window or redis.call('HLEN', KEYS[5]) >= tonumber(ARGV[6])) then
    redis.call('RENAME', KEYS[5], KEYS[6])
    redis.call('PEXPIRE', KEYS[6], window)
    left = -2
  end
  return left == -2
end

local function remember(key, digest, id)
  local begun = not tags_turned and turn_tags()
  redis.call('HSET', KEYS[5], key, digest .. id)
  if begun then
    redis.call('PEXPIRE', KEYS[5], 2 * tonumber(ARGV[5]))
  end
end

local told, before_first
local function look_for_gateways()
  told = redis.call('ZRANGE', KEYS[4], 0, -1, 'WITHSCORES')
  if #told > 0 then
    local last = pending > 0 and redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
    before_first = last and last[1] or '0-0'
  end
end

local words, stored, full = {}, 0, false
local first_id
local i = 7
while i <= #ARGV do
  local message = ARGV[i]
  local word, key, digest
  if string.byte(message) == 0 then
    key, digest = string.sub(message, 2, 17), string.sub(message, 18)
    i = i + 1
    message = ARGV[i]
    local known = redis.call('HGET', KEYS[5], key) or redis.call('HGET', KEYS[6], key)
    if known then
      word = string.sub(known, 1, 8) == digest and '=' .. string.sub(known, 9) or 'reused'
    end
  end
  if not word and (full or stored >= room or (counted or 0) + #message > ceiling) then
    full = true
    word = 'full'
    -- Without a tag among them nothing can be said of the rest but that it does not fit either.
    if #KEYS == 4 then
      words[#words + 1] = word
      break
    end
  end
  if not word then
    if stored == 0 then
      look_for_gateways()
    end
    local id = redis.call('XADD', KEYS[2], '*', 'm', message)
    -- An id begins with Redis's clock in ms, or a later time if the clock was set back: 13 digits, as the deadline has.
    -- So nobody is late whose id is not behind the deadline, and most calls need not ask for the time.
    if stored == 0 and id > ARGV[1] and is_late() then
      redis.call('XDEL', KEYS[2], id)
      return 'late'
    end
    first_id = first_id or id
    stored = stored + 1
    word = id
    if key then
      remember(key, digest, id)
    end
    if counted then
      counted = counted + #message
    end
  end
  words[#words + 1] = word
  i = i + 1
end

if counted and pending + stored >= few then
  local total = string.format('%.0f', counted)
  if total ~= before then
    redis.call('SET', KEYS[3], total)
  end
end
if stored > 0 and #told > 0 then
  words[#words + 1] = '>'
  words[#words + 1] = before_first
  for at = 1, #told, 2 do
    -- As with the deadline: an id begins with the time.
    if told[at + 1] >= string.sub(first_id, 1, 13) then
      words[#words + 1] = told[at]
    end
  end
end
return table.concat(words, ' ')
