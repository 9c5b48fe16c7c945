#!lua flags=allow-oom
-- Ends a look at a user's sessions, unless something has asked for another look meanwhile.
-- KEYS[1] due (sorted set: username by milliseconds)
-- ARGV[1] username
-- ARGV[2] the score under which the user was claimed
-- ARGV[3] milliseconds from now until the next look; negative: there is nothing more to look at
-- Returns 1; 0 if the claim was no longer there.
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score or tonumber(score) ~= tonumber(ARGV[2]) then
  return 0
end
local delay = tonumber(ARGV[3])
if delay < 0 then
  redis.call('ZREM', KEYS[1], ARGV[1])
  return 1
end
local now = redis.call('TIME')
local millis = tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000)
redis.call('ZADD', KEYS[1], string.format('%.0f', millis + delay), ARGV[1])
return 1
