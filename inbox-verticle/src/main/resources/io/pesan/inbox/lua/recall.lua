#!lua flags=no-writes
-- Tells which messages of a batch that is sent again were stored when it was sent before.
--
-- KEYS[1] inbox (stream)  KEYS[2] removed lately (hash: id by tag; under '': entries up to this id may be missing)
-- ARGV[1] a moment in Redis's clock not after the batch was first sent, in ms  ARGV[2..] the messages' tags
--
-- Returns a word for each message, with a space between: the id of one that was stored, "-" of one that was not, "?"
-- where nobody can tell any more.

local stored, after = {}, ARGV[1] .. '-0'
while after do
  local slice = redis.call('XRANGE', KEYS[1], after, '+', 'COUNT', 100)
  for _, entry in ipairs(slice) do
    stored[string.match(entry[2][2], '^[^\n]*')] = entry[1]
  end
  after = #slice == 100 and '(' .. slice[100][1]
end

-- Ids begin with 13 digits of milliseconds, as the moment does: to compare the strings is to compare the times.
local missing = redis.call('HGET', KEYS[2], '')
local otherwise = missing and missing >= ARGV[1] and '?' or '-'
local words = {}
for i = 2, #ARGV do
  words[i - 1] = stored[ARGV[i]] or redis.call('HGET', KEYS[2], ARGV[i]) or otherwise
end
return table.concat(words, ' ')
