-- Appends messages to one inbox, in their order, as far as its quota allows, but for those that repeat another's tag.
--
-- KEYS[1] account  KEYS[2] inbox (stream)
-- KEYS[3] counted: bytes of the oldest messages in the inbox, and how many those are (two doubles); not there: of none
-- KEYS[4] gateways that are told (sorted set by when that lapses, in ms)
-- KEYS[5] tags (hash: digest of the text, 8 bytes, and id, by the tag's key)  KEYS[6] tags of before; only if a message has one
-- ARGV[1] deadline in Redis's clock, in ms  ARGV[2] most pending messages, 0: any number
-- ARGV[3] most pending bytes, 0: any number  ARGV[4] how many messages are few: however long, they have no more bytes;
-- 0: one of these is longer than that was reckoned for
-- With the keys of tags only: ARGV[5] for how long tags are remembered, in ms
-- ARGV[6] tags beyond which those of before are forgotten earlier
-- The rest: the messages; in front of one that has a tag: a zero byte, the tag's key (16 bytes), digest of the text (8)
--
-- Returns words with a space between, for each message: its id if it was stored; "=" and the id of then if its tag and text
-- are known; "reused" if its tag is known with another text; "full" if it did not fit, or one before it did not. "late",
-- "unknown" and "refused", with Redis's reason, hold for all, and the last word holds for all messages that are left. Then, if anything was stored and there are
-- gateways to be told: ">", the id of the message before the first that was stored, and the gateways.

-- Most calls bring one message without a tag to an inbox that holds few. What only others need is made only for them: a closure
-- or a table costs as much of Redis's time as a command.
local call, KEYS, ARGV = redis.call, KEYS, ARGV
local inbox, deadline, arguments = KEYS[2], ARGV[1], #ARGV
local tagged = #KEYS > 4
local i = tagged and 7 or 5

local pending = call('XLEN', inbox)
-- Where messages are pending there is an account: its inbox is removed together with it.
if pending == 0 and call('EXISTS', KEYS[1]) == 0 then
  return 'unknown'
end

-- How many messages more there is room for; nil: any number.
local room = ARGV[2] ~= '0' and ARGV[2] - pending

-- Bytes are counted only while they may matter: most inboxes have a few messages, and to read and write a counter costs
-- as much as to store a message. Who does not count leaves the counter alone: it says how many messages it counts, the
-- oldest ones, and stays true when others follow. So nodes may differ in what is few, and what nobody has counted is
-- read once.
local counted, before, ceiling
if pending + arguments - i + 1 > tonumber(ARGV[4]) and ARGV[3] ~= '0' then
  ceiling = tonumber(ARGV[3])
  before = call('GET', KEYS[3])
  local messages = 0
  counted = 0
  if before then
    counted, messages = struct.unpack('<dd', before)
  end
  local left = pending - messages
  if left < 0 then
    -- Some were removed behind its back: it tells nothing.
    counted, left = 0, pending
  end
  local from = '+'
  while left > 0 do
    local slice = call('XREVRANGE', inbox, from, '-', 'COUNT', math.min(left, 100))
    for _, entry in ipairs(slice) do
      counted = counted + #entry[2][2]
    end
    left = left - #slice
    from = '(' .. slice[#slice][1]
  end
end

local remember
if tagged then
  -- A tag is remembered for the window at least: the hash begun last is set aside when it is that old, or full, and then
  -- lasts for another window.
  local turned = false
  local function turn_tags()
    turned = true
    local window = tonumber(ARGV[5])
    local left = call('PTTL', KEYS[5])
    if left ~= -2 and (left < window or call('HLEN', KEYS[5]) >= tonumber(ARGV[6])) then
      call('RENAME', KEYS[5], KEYS[6])
      call('PEXPIRE', KEYS[6], window)
      left = -2
    end
    return left == -2
  end

  remember = function(key, digest, id)
    local begun = not turned and turn_tags()
    call('HSET', KEYS[5], key, digest .. id)
    if begun then
      call('PEXPIRE', KEYS[5], 2 * tonumber(ARGV[5]))
    end
  end
end

local words, word, stored, full = nil, nil, 0, false
local told, before_first
while i <= arguments do
  local message = ARGV[i]
  local key, digest
  word = nil
  if tagged and string.byte(message) == 0 then
    key, digest = string.sub(message, 2, 17), string.sub(message, 18)
    i = i + 1
    message = ARGV[i]
    local known = call('HGET', KEYS[5], key) or call('HGET', KEYS[6], key)
    if known then
      word = string.sub(known, 1, 8) == digest and '=' .. string.sub(known, 9) or 'reused'
    end
  end
  if not word and (full or room and stored >= room or counted and counted + #message > ceiling) then
    full = true
    word = 'full'
  end
  if not word then
    if stored == 0 then
      told = call('ZRANGE', KEYS[4], 0, -1, 'WITHSCORES')
      if told[1] then
        local last = pending > 0 and call('XREVRANGE', inbox, '+', '-', 'COUNT', 1)[1]
        before_first = last and last[1] or '0-0'
      end
    end
    -- Redis refuses it when its memory is full. What travels in the same batch is not to fail for that.
    local id = redis.pcall('XADD', inbox, '*', 'm', message)
    if type(id) == 'table' then
      return 'refused ' .. id.err
    end
    if stored == 0 then
      -- An id begins with Redis's clock in ms, or a later time if the clock was set back: 13 digits, as the deadline has.
      -- So nobody is late whose id is not behind the deadline, and most calls need not ask for the time.
      if id > deadline then
        local time = call('TIME')
        if time[1] * 1000 + time[2] / 1000 > tonumber(deadline) then
          call('XDEL', inbox, id)
          return 'late'
        end
      end
    end
    stored = stored + 1
    word = id
    if key then
      remember(key, digest, id)
    end
    if counted then
      counted = counted + #message
    end
  end
  -- One word alone needs no table.
  if i < arguments or words then
    words = words or {}
    words[#words + 1] = word
  end
  i = i + 1
  -- Without a tag among them nothing can be said of the rest but that it does not fit either.
  if full and not tagged then
    break
  end
end
local answer = words and table.concat(words, ' ') or word

if counted and counted > 0 then
  local total = struct.pack('<dd', counted, pending + stored)
  if total ~= before then
    -- Redis may refuse it when its memory is full and nothing was stored: then it is counted again next time.
    redis.pcall('SET', KEYS[3], total)
  end
end
if told and told[1] then
  local notice = { answer, '>', before_first }
  -- Not by the id: that is ahead of the clock, and of every gateway's time, if the clock was set back.
  local time = call('TIME')
  local now = time[1] * 1000 + time[2] / 1000
  for at = 1, #told, 2 do
    if tonumber(told[at + 1]) >= now then
      notice[#notice + 1] = told[at]
    end
  end
  return table.concat(notice, ' ')
end
return answer
