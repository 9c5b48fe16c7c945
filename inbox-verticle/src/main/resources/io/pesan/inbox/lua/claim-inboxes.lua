-- Claims the next users in whose inboxes expired messages are to be searched for: each user once in a round.
--
-- KEYS[1] all accounts' names (sorted set, all scores 0)
-- KEYS[2] how far the search has come (hash): "after", the last user claimed, empty between rounds; "due", when the next
-- round may begin, in ms
-- ARGV[1] most users  ARGV[2] time from the beginning of one round to that of the next, in ms
--
-- Returns Redis's clock in ms, then the users; none: the next round is not due.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local state = redis.call('HMGET', KEYS[2], 'after', 'due')
local after, due = state[1] or '', tonumber(state[2] or 0)
if after == '' then
  -- Further away than a round: the clock was set back.
  if now < due and due - now <= tonumber(ARGV[2]) then
    return {now}
  end
  redis.call('HSET', KEYS[2], 'due', string.format('%.0f', now + tonumber(ARGV[2])))
end
local begin = after == '' and '-' or '(' .. after
local users = redis.call('ZRANGEBYLEX', KEYS[1], begin, '+', 'LIMIT', 0, ARGV[1])
redis.call('HSET', KEYS[2], 'after', #users == tonumber(ARGV[1]) and users[#users] or '')
table.insert(users, 1, now)
return users
