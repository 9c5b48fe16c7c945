#!/bin/sh
# Parent of the embedded Redis. Its standard input is a pipe whose other end only the node holds, so that it ends when
# the node ends, however that comes about; then Redis is asked to stop in good order, which writes out what it has.
#
# usage: redis-guard.sh REDIS_SERVER REDIS_CONF
# reads  "go"                      once the node has written down this process's id; end of input before that: no start
# prints the process id of Redis

# What a terminal or a shutdown sends to everybody must not take Redis from under a node that is still draining.
trap '' HUP INT TERM

# What Redis writes holds messages and password hashes, whoever may look into the folder.
umask 077

exec 3<&0
read -r word <&3 || exit 0
[ "$word" = go ] || exit 0

"$1" "$2" </dev/null >&2 3<&- &
redis=$!
echo "$redis"

# A shell's read and its wait can't be waited for together, so another process does the reading.
(
    while read -r _ <&3; do :; done
    # Again and again: a Redis that has only just been started is still deaf to it.
    while kill -TERM "$redis" 2>/dev/null; do sleep 1; done
) >/dev/null 2>&1 &
watcher=$!
exec 3<&- </dev/null

wait "$redis"
status=$?
kill -KILL "$watcher" 2>/dev/null
exit "$status"
