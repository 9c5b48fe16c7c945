/**
 * The Redis that a node starts for itself when none is configured: a real redis-server with append-only persistence in
 * the node's data directory.
 *
 * <p>Who may use a data directory is decided twice: by a file lock that a node holds while it lives, and by the written
 * down process ids of the guard and of Redis, which can outlive a killed node by a moment. A new owner waits for them.
 */
package io.pesan.node.redis;
