package io.pesan.node.metrics;

import io.pesan.inbox.InboxMetrics;
import java.util.Map;

/** Counts for one inbox verticle. */
final class InboxCounts implements InboxMetrics {

    /** The families that all inbox verticles of a node write to. */
    static final class Shared {

        private final Series<Count> accepted;
        private final Series<Count> rejected;
        private final Series<Count> duplicates;
        private final Series<Count> removed;

        Shared(Families families, Series<Count> removed) {
            this.accepted = families.counter("pesan_inbox_messages_accepted", "Messages stored.");
            this.rejected = families.counter("pesan_inbox_messages_rejected", "Messages refused, by why.", "reason");
            this.duplicates = families.counter(
                    "pesan_inbox_duplicates_suppressed", "Messages not stored again: their tags and texts are known.");
            this.removed = removed;
        }
    }

    private final Count accepted;
    private final Map<Rejection, Count> rejected;
    private final Count duplicates;
    private final Map<Removal, Count> removed;

    InboxCounts(Shared shared) {
        this.accepted = shared.accepted.part();
        this.rejected = LabelValues.of(Rejection.class, shared.rejected::part);
        this.duplicates = shared.duplicates.part();
        this.removed = LabelValues.of(Removal.class, shared.removed::part);
    }

    @Override
    public void accepted() {
        accepted.increment();
    }

    @Override
    public void rejected(Rejection reason) {
        LabelValues.get(rejected, reason).increment();
    }

    @Override
    public void duplicateSuppressed() {
        duplicates.increment();
    }

    @Override
    public void removed(Removal reason, long messages) {
        LabelValues.get(removed, reason).add(messages);
    }
}
