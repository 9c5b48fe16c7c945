package io.pesan.client;

import io.netty.channel.ChannelOption;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;

/** Reaches through Vert.x to the one socket option that makes closing a reset. */
final class LingeringSocket {

    private LingeringSocket() {}

    /** From now on closing drops what wasn't sent, and tells the peer by RST instead of FIN. */
    static void resetOnClose(NetSocket socket) {
        ((NetSocketInternal) socket).channelHandlerContext().channel().config().setOption(ChannelOption.SO_LINGER, 0);
    }
}
