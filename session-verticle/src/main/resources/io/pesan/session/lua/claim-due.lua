#!lua flags=allow-oom
-- Takes users whose sessions are due to be looked at, and has them looked at again later should the taker die.
-- KEYS[1] due (sorted set: username by milliseconds)
-- ARGV[1] how many to take at most
-- ARGV[2] milliseconds for which they are the taker's
-- Returns the score that they have now, followed by their names.
local now = redis.call('TIME')
local millis = tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000)
local claim = string.format('%.0f', millis + tonumber(ARGV[2]))
local users = redis.call('ZRANGE', KEYS[1], '-inf', string.format('%.0f', millis), 'BYSCORE', 'LIMIT', 0, ARGV[1])
for _, user in ipairs(users) do
  redis.call('ZADD', KEYS[1], claim, user)
end
table.insert(users, 1, claim)
return users
