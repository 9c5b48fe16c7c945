-- Ends a hand-over's lease; its messages stay.
--
-- KEYS[1] lease
-- ARGV[1] the lease's owner
--
-- Returns 1; 0: the lease is not the owner's, and nothing was changed.

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('DEL', KEYS[1])
