/**
 * The users' inboxes in Redis: append, order, lease, hand-over and confirmation of messages.
 *
 * <p>A batch ({@link io.pesan.inbox.BatchProcessor}) becomes a plan ({@link io.pesan.inbox.BatchPlan}) of script calls
 * ({@link io.pesan.inbox.InboxCall}), which reach Redis in one write. All state is in Redis: a batch may be carried out by
 * any instance on any node.
 */
package io.pesan.inbox;
