#!lua flags=allow-oom
-- Removes an account with all that is the user's, and dooms the user's sessions.
-- KEYS[1] account (hash)
-- KEYS[2] the user's sessions (sorted set)
-- KEYS[3] the user's ending sessions (set): stays, until the sessions have ended
-- KEYS[4..] whatever else is the user's
-- ARGV[1] deadline in Redis's clock, in ms; 0: none
-- KEYS[4] is the inbox (stream).
-- Returns REMOVED and how many messages were pending, or, having changed nothing: LATE; NO_ACCOUNT.
local time = redis.call('TIME')
if tonumber(ARGV[1]) > 0 and time[1] * 1000 + time[2] / 1000 > tonumber(ARGV[1]) then
  return 'LATE'
end
if redis.call('EXISTS', KEYS[1]) == 0 then
  return 'NO_ACCOUNT'
end
for _, session in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  redis.call('SADD', KEYS[3], session)
end
local pending = redis.call('XLEN', KEYS[4])
redis.call('DEL', KEYS[1], KEYS[2])
for i = 4, #KEYS do
  redis.call('UNLINK', KEYS[i])
end
return 'REMOVED ' .. pending
