-- Creates an account unless there is one.
-- KEYS[1] account (hash)
-- KEYS[2] the ending sessions of whoever had the name before (set)
-- ARGV[1] full name
-- ARGV[2] password (PHC string)
-- ARGV[3] deadline in Redis's clock, in ms; 0: none
-- Returns CREATED, or, having changed nothing: LATE; EXISTS; SESSIONS_ENDING if a predecessor's tokens may still be good.
local now = redis.call('TIME')
if tonumber(ARGV[3]) > 0 and now[1] * 1000 + now[2] / 1000 > tonumber(ARGV[3]) then
  return 'LATE'
end
if redis.call('EXISTS', KEYS[1]) == 1 then
  return 'EXISTS'
end
if redis.call('EXISTS', KEYS[2]) == 1 then
  return 'SESSIONS_ENDING'
end
-- The generation begins at the time: an account made again under an old name never repeats one of its predecessor's.
local micros = now[1] .. string.format('%06d', tonumber(now[2]))
redis.call('HSET', KEYS[1],
  'name', ARGV[1],
  'password', ARGV[2],
  'generation', micros,
  'created', string.sub(micros, 1, -4))
return 'CREATED'
