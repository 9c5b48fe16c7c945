package io.pesan.node.metrics;

import io.pesan.session.SessionMetrics;
import java.util.Map;

/** Counts for a session verticle. */
final class SessionCounts implements SessionMetrics {

    private final Map<LoginOutcome, Count> logins;
    private final Distribution hashTimes;
    private final Count waiting;
    private final Count active;
    private final Count removedWithAccount;

    /** @param removed messages that left inboxes, by why */
    SessionCounts(Families families, Series<Count> removed) {
        Series<Count> all = families.counter("pesan_session_logins", "Log-ins answered, by how they ended.", "outcome");
        this.logins = LabelValues.of(LoginOutcome.class, all::part);
        this.hashTimes = families.times("pesan_session_password_hash_seconds", "Computing one password hash.")
                .part();
        this.waiting = families.gauge("pesan_session_password_hash_queue", "Password hashes that wait for a worker.")
                .part();
        this.active = families.gauge(
                        "pesan_session_active",
                        "Users of the whole service with a live session, as this node last saw; the same on each node.")
                .part();
        this.removedWithAccount = removed.part("account");
    }

    @Override
    public void loggedIn(LoginOutcome outcome) {
        LabelValues.get(logins, outcome).increment();
    }

    @Override
    public void hashed(long nanos) {
        hashTimes.record(nanos);
    }

    @Override
    public void hashesWaiting(int count) {
        waiting.set(count);
    }

    @Override
    public void activeUsers(long count) {
        active.set(count);
    }

    @Override
    public void accountRemoved(long messages) {
        removedWithAccount.add(messages);
    }
}
