#!/bin/sh
# Before a server and its Sentinel start: gives a new disk its configuration. On an old one Sentinels' changes hold: who was a replica,
# and of whom, when this pod went.
set -eu
me=$HOSTNAME.redis-nodes
first=redis-0.redis-nodes
umask 077
if [ ! -f /data/redis.conf ]; then
    {
        cat /etc/redis/redis.conf
        echo "replica-announce-ip $me"
        [ "$me" = "$first" ] || echo "replicaof $first 6379"
    } >/data/redis.conf.new
    mv /data/redis.conf.new /data/redis.conf
fi
if [ ! -f /data/sentinel.conf ]; then
    {
        cat /etc/redis/sentinel.conf
        echo "sentinel monitor pesan $first 6379 2"
        echo "sentinel auth-pass pesan $(cat /run/secrets/redis/password)"
        # More than min-replicas-max-lag: by then the old primary takes no writes any more.
        echo "sentinel down-after-milliseconds pesan 5000"
        echo "sentinel failover-timeout pesan 10000"
        echo "sentinel announce-ip $me"
    } >/data/sentinel.conf.new
    mv /data/sentinel.conf.new /data/sentinel.conf
fi
