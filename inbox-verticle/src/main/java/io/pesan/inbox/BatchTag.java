package io.pesan.inbox;

import io.pesan.contract.bus.proto.InboxBatch;

/**
 * Names the messages of one batch: the same whenever the batch is sent, and unlike those of every other batch. What is
 * stored carries its tag, so that a batch that is sent again finds what it stored before, and sends cost nothing more.
 */
record BatchTag(String prefix) {

    /** Of a lane's name; a longer one is cut off. */
    private static final int MAX_LANE_CHARACTERS = 16;

    private static final int RADIX = Character.MAX_RADIX;

    /** Lane, number (64 bits take 13 digits), place (24 bits take 5), two points. */
    static final int MAX_BYTES = MAX_LANE_CHARACTERS + 13 + 5 + 2;

    static BatchTag of(InboxBatch batch) {
        String lane = batch.getLane();
        String shortened = lane.substring(0, Math.min(lane.length(), MAX_LANE_CHARACTERS));
        return new BatchTag(shortened + '.' + Long.toString(batch.getNumber(), RADIX) + '.');
    }

    /** Of the message that the command at this place of the batch sends. */
    String of(int command) {
        return prefix + Integer.toString(command, RADIX);
    }
}
