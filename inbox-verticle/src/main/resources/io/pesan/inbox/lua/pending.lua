-- For the scripts that read pending messages.

-- Reads messages of an inbox, oldest first, in slices, so that no more than one slice is read in vain when they are long.
-- Returns a list of id and message, one after the other; how many messages; whether more are pending behind them.
local function read_pending(inbox, begin, most, most_bytes)
  local SLICE = 64
  local read, count, bytes, after = {}, 0, 0, begin
  while true do
    -- One more than may be taken shows whether there are more.
    local asked = math.min(SLICE, most + 1 - count)
    local slice = redis.call('XRANGE', inbox, after, '+', 'COUNT', asked)
    for _, entry in ipairs(slice) do
      local message = entry[2][2]
      bytes = bytes + #message
      -- A single message may be as long as it is.
      if count == most or (bytes > most_bytes and count > 0) then
        return read, count, true
      end
      read[count * 2 + 1], read[count * 2 + 2] = entry[1], message
      count = count + 1
      after = '(' .. entry[1]
    end
    if #slice < asked then
      return read, count, false
    end
  end
end
