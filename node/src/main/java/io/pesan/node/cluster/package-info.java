/**
 * How a node joins others: the membership by Hazelcast, the event bus between them by Vert.x, and what can go wrong with
 * either, told in one line that names the key.
 *
 * <p>{@link io.pesan.node.cluster.Membership} is the whole of it for the rest of the node: joined before there is a Vert.x,
 * left after it is gone. Nothing that must be true depends on it: all state is in Redis.
 */
package io.pesan.node.cluster;
