-- Reads pending messages, oldest first; changes nothing.
--
-- KEYS[1] inbox (stream)
-- ARGV[1] where to begin, as XRANGE has it  ARGV[2] most messages  ARGV[3] most bytes; a single message may have more
--
-- Returns 1 if more are pending behind them, else 0; then id and message, one after the other.

local messages, _, more = read_pending(KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]))
table.insert(messages, 1, more and 1 or 0)
return messages
