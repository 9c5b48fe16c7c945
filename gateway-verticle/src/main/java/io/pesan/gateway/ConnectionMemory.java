package io.pesan.gateway;

import io.pesan.contract.protocol.LineFramer;
import io.pesan.gateway.GatewayMetrics.CloseReason;

/** What one connection counts for in its gateway's {@link ClientMemory}. */
final class ConnectionMemory implements ClientMemory.Holder {

    private final ClientMemory memory;
    private final LineFramer framer;
    private final ClientSocket socket;
    private final ReplyWriter replies;
    private final Conversation conversation;
    private final Ending ending;
    private long heldBytes;

    ConnectionMemory(
            ClientMemory memory,
            LineFramer framer,
            ClientSocket socket,
            ReplyWriter replies,
            Conversation conversation,
            Ending ending) {
        this.memory = memory;
        this.framer = framer;
        this.socket = socket;
        this.replies = replies;
        this.conversation = conversation;
        this.ending = ending;
    }

    /** Counts anew, after whatever may have changed it. */
    void count() {
        if (!ending.isOver()) {
            hold(framer.heldBytes() + socket.undeliveredBytes() + replies.heldBytes());
        }
    }

    /** Nothing is held any more. */
    void release() {
        hold(0);
    }

    private void hold(long bytes) {
        if (bytes != heldBytes) {
            memory.add(bytes - heldBytes);
            heldBytes = bytes;
        }
    }

    @Override
    public long heldBytes() {
        return heldBytes;
    }

    @Override
    public boolean isKnown() {
        return conversation.isSessionProven();
    }

    @Override
    public void evict() {
        ending.reset(CloseReason.MEMORY);
        release();
    }
}
