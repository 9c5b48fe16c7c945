package io.pesan.gateway;

import com.google.protobuf.Message;
import java.util.List;

/**
 * What sets one batching service apart from the other.
 *
 * @param <C> a command, ready but for its connection's ordinal
 * @param <Q> a batch
 * @param <R> its reply
 * @param <X> the result of a command
 */
interface BatchKind<C, Q extends Message, R extends Message, X> {

    /**
     * What a batch says beside its commands.
     *
     * @param lane names the lane
     * @param number of the batch within the lane; a repeat has its first attempt's
     * @param budgetMillis how long the answer is waited for
     * @param deadlineMillis by Redis's clock, after which the batch must not take effect; 0: not known
     * @param firstSentMillis of a repeat, by Redis's clock: not after its first attempt was sent; else 0
     * @param repeated whether the batch has been sent before
     */
    record Stamp(
            String lane, long number, int budgetMillis, long deadlineMillis, long firstSentMillis, boolean repeated) {}

    void setConnection(C command, int ordinal);

    Q batch(List<C> commands, Stamp stamp);

    /** In the order of the commands. */
    List<X> results(R reply);

    /** What Redis's clock showed meanwhile, in milliseconds since 1970; 0: not told. */
    long redisMillis(R reply);

    /** The result of a command of which nothing is known. */
    X unavailable();

    /**
     * Whether a batch may be repeated only under a deadline, after which its first attempt has no effect any more. If
     * not, both may take effect, in any order.
     */
    boolean needsDeadline();
}
