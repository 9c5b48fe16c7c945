/**
 * How Pesan speaks to Redis: held, pipelined connections that come back by themselves ({@link io.pesan.redis.RedisLink}),
 * scripts ({@link io.pesan.redis.RedisScript}), the names of all keys ({@link io.pesan.redis.RedisKeys}), and the
 * resolution of session hashes to sessions ({@link io.pesan.redis.SessionLookup}), which two services share.
 *
 * <p>A link and whatever is built on it belong to one event loop: they are created and used on that loop's context alone
 * and need no locks. Every call is answered within the link's time-out; a failed future means that the outcome is
 * unknown, and is always a {@link io.pesan.redis.RedisUnavailableException}.
 */
package io.pesan.redis;
