package io.pesan.contract.bus;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import java.io.UncheckedIOException;

/**
 * Carries one type of Protocol Buffers message over the bus: to another node as a length (4 bytes, big endian) and the
 * message's bytes, within a node as the object itself, which is safe because these messages are immutable.
 */
final class ProtobufCodec<M extends Message> implements MessageCodec<M, M> {

    private final Class<M> type;
    private final Parser<? extends Message> parser;

    ProtobufCodec(Class<M> type) {
        this.type = type;
        this.parser = com.google.protobuf.Internal.getDefaultInstance(type).getParserForType();
    }

    static <M extends Message> void register(EventBus bus, Class<M> type) {
        bus.registerDefaultCodec(type, new ProtobufCodec<>(type));
    }

    @Override
    public void encodeToWire(Buffer wire, M message) {
        byte[] bytes = message.toByteArray();
        wire.appendInt(bytes.length).appendBytes(bytes);
    }

    @Override
    public M decodeFromWire(int position, Buffer wire) {
        int length = wire.getInt(position);
        byte[] bytes = wire.getBytes(position + Integer.BYTES, position + Integer.BYTES + length);
        try {
            return type.cast(parser.parseFrom(CodedInputStream.newInstance(bytes)));
        } catch (InvalidProtocolBufferException malformed) {
            throw new UncheckedIOException(name() + " is malformed", malformed);
        }
    }

    @Override
    public M transform(M message) {
        return message;
    }

    @Override
    public String name() {
        return type.getName();
    }

    /** User-defined, in Vert.x's numbering. */
    @Override
    public byte systemCodecID() {
        return -1;
    }
}
