package io.pesan.redis;

import java.util.List;

/**
 * Values and the time at which they were read.
 *
 * @param nowMicros Redis's clock, in microseconds since 1970. Of several servers' it is the one that is behind all others: a
 *     moment that has passed by it has passed by all of them
 * @param values in the order of the keys
 */
record Reading(long nowMicros, List<Outcome> values) {}
