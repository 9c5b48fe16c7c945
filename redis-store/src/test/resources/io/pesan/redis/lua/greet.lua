-- KEYS[1] anything  ARGV[1] whom
-- Returns a greeting.
return 'hola ' .. ARGV[1]
