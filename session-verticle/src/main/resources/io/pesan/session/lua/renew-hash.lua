-- Stores the same password hashed anew, unless it has been changed meanwhile.
-- KEYS[1] account (hash)
-- ARGV[1] password as it was read (PHC string)
-- ARGV[2] password as it shall be (PHC string)
-- Returns 1; 0 if it was not as expected.
if redis.call('HGET', KEYS[1], 'password') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'password', ARGV[2])
return 1
