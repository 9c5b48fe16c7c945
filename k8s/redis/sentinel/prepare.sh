#!/bin/sh
# Before a server and its Sentinel start: makes their configuration of what is set now (redis.conf, sentinel.conf, the password) and of
# what the one before has to say: whose replica the server was, and what the Sentinels knew. They write that into their files themselves.
set -eu
me=$HOSTNAME.redis-nodes
first=redis-0.redis-nodes
umask 077
{
    cat /etc/redis/redis.conf
    echo "replica-announce-ip $me"
    if [ -f /data/redis.conf ]; then
        grep '^replicaof ' /data/redis.conf || true
    elif [ "$me" != "$first" ]; then
        echo "replicaof $first 6379"
    fi
} >/data/redis.conf.new
{
    cat /etc/redis/sentinel.conf
    if [ -f /data/sentinel.conf ]; then
        grep -E '^sentinel (monitor|myid|(config|leader|current)-epoch|known-(replica|sentinel)) ' /data/sentinel.conf
    else
        echo "sentinel monitor pesan $first 6379 2"
    fi
    echo "sentinel auth-pass pesan $(cat /run/secrets/redis/password)"
    # More than min-replicas-max-lag: by then the old primary takes no writes any more.
    echo "sentinel down-after-milliseconds pesan 5000"
    echo "sentinel failover-timeout pesan 10000"
    echo "sentinel announce-ip $me"
} >/data/sentinel.conf.new
# What tells a container that starts again from the first of a new pod.
rm -f /data/started
mv /data/redis.conf.new /data/redis.conf
mv /data/sentinel.conf.new /data/sentinel.conf
