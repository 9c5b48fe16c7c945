/**
 * Accounts, passwords, sessions, and who is online.
 *
 * <p>{@link io.pesan.session.SessionVerticle} is the way in; it serves three routes: commands on sessions (in batches),
 * credentials (whatever hashes a password), and the administration of accounts. All state is in Redis. Everything in this
 * package belongs to the verticle's event loop, except the computation of a hash, which runs on worker threads.
 */
package io.pesan.session;
