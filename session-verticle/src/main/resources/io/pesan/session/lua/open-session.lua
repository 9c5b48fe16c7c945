-- Adds a session to its user's, if the password that it was opened with still counts; the oldest give way to it.
-- KEYS[1] account (hash)
-- KEYS[2] the user's sessions (sorted set: session hash by start in microseconds)
-- KEYS[3] the user's ending sessions (set)
-- ARGV[1] generation of the account when the password was checked
-- ARGV[2] session hash
-- ARGV[3] sessions that the user may have; 0: any number
-- Returns how many gave way (they are in KEYS[3] now); -1 if the account is gone or of another generation.
if redis.call('HGET', KEYS[1], 'generation') ~= ARGV[1] then
  return -1
end
local now = redis.call('TIME')
local start = tonumber(now[1]) * 1000000 + tonumber(now[2])
local newest = redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')
if newest[2] then
  -- Starts only grow, also when the clock is set back.
  start = math.max(start, tonumber(newest[2]) + 1)
end
redis.call('ZADD', KEYS[2], string.format('%.0f', start), ARGV[2])
local allowed = tonumber(ARGV[3])
local surplus = redis.call('ZCARD', KEYS[2]) - allowed
if allowed == 0 or surplus <= 0 then
  return 0
end
local oldest = redis.call('ZPOPMIN', KEYS[2], surplus)
for i = 1, #oldest, 2 do
  redis.call('SADD', KEYS[3], oldest[i])
end
return surplus
