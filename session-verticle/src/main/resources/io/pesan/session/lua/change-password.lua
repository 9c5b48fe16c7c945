-- Sets a password and dooms the user's sessions: all, or all but the one that asked for it.
-- KEYS[1] account (hash)
-- KEYS[2] the user's sessions (sorted set)
-- KEYS[3] the user's ending sessions (set)
-- ARGV[1] password (PHC string)
-- ARGV[2] generation of the account when the old password was checked; empty: any
-- ARGV[3] hash of the session that stays; empty: none
-- ARGV[4] deadline in Redis's clock, in ms; 0: none
-- Returns CHANGED, or, having changed nothing: LATE, NO_ACCOUNT, OTHER_GENERATION, NO_SESSION.
local time = redis.call('TIME')
if tonumber(ARGV[4]) > 0 and time[1] * 1000 + time[2] / 1000 > tonumber(ARGV[4]) then
  return 'LATE'
end
local generation = redis.call('HGET', KEYS[1], 'generation')
if not generation then
  return 'NO_ACCOUNT'
end
if ARGV[3] ~= '' and not redis.call('ZSCORE', KEYS[2], ARGV[3]) then
  return 'NO_SESSION'
end
if ARGV[2] ~= '' and ARGV[2] ~= generation then
  return 'OTHER_GENERATION'
end
redis.call('HSET', KEYS[1], 'password', ARGV[1])
redis.call('HINCRBY', KEYS[1], 'generation', 1)
for _, session in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  if session ~= ARGV[3] then
    redis.call('ZREM', KEYS[2], session)
    redis.call('SADD', KEYS[3], session)
  end
end
return 'CHANGED'
