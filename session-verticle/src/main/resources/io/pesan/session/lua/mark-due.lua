#!lua flags=allow-oom
-- Has the sweep look at a user soon: before a change to the user's sessions that several steps make.
-- KEYS[1] due (sorted set: username by milliseconds)
-- ARGV[1] username
-- ARGV[2] milliseconds from now, by which the change will have been made
-- Returns Redis's clock in microseconds.
local now = redis.call('TIME')
local millis = tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000)
-- LT: an earlier look must not be put off.
redis.call('ZADD', KEYS[1], 'LT', string.format('%.0f', millis + tonumber(ARGV[2])), ARGV[1])
return now[1] .. string.format('%06d', tonumber(now[2]))
