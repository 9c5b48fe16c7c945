-- Tells a gateway no more, unless it has asked again meanwhile.
--
-- KEYS[1] gateways that are told (sorted set by when that lapses, in ms)
-- ARGV[1] the gateway  ARGV[2] when it lapses, as the gateway knows it
--
-- Returns 1; 0: it lapses at another time, and nothing was changed.

if redis.call('ZSCORE', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return 0
end
return redis.call('ZREM', KEYS[1], ARGV[1])
