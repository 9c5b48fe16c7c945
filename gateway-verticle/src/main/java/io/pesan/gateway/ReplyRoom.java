package io.pesan.gateway;

/**
 * Whether one connection has room for more replies. While it has none its client holds up what it has asked for, read or not:
 * that time is not the services'.
 */
final class ReplyRoom {

    private final ReplyWriter replies;
    private final GatewayLimits limits;
    private final Conversation conversation;
    private final LoopSilence silence;
    private final Dispatcher dispatcher;
    private boolean heldUp;

    /** @param dispatcher is told until when requests were held up */
    ReplyRoom(
            ReplyWriter replies,
            GatewayLimits limits,
            Conversation conversation,
            LoopSilence silence,
            Dispatcher dispatcher) {
        this.replies = replies;
        this.limits = limits;
        this.conversation = conversation;
        this.silence = silence;
        this.dispatcher = dispatcher;
    }

    /** Whether there is room now. To be asked whenever replies were written or may have been taken. */
    boolean isThere() {
        boolean room = replies.pendingBytes() < limits.maxPendingWriteBytes(conversation.isSessionProven());
        if (room && heldUp) {
            dispatcher.heldUpUntil(silence.knownUntil(System.nanoTime()));
        }
        heldUp = !room;
        return room;
    }

    /** Whether there was none when it was last asked. */
    boolean wasMissing() {
        return heldUp;
    }
}
