package io.pesan.contract.bus;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.pesan.contract.bus.proto.InboxBatch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Two releases run side by side while a cluster is upgraded. {@code bus-fields.txt} lists what nodes of earlier releases send and
 * expect: it only grows.
 */
class BusFieldsTest {

    private static final String RECORDED = "bus-fields.txt";

    @Test
    void everyFieldOfBeforeIsThereAsItWas() throws IOException {
        assertThat(present())
                .as(
                        "a field may be added, not changed, renumbered or removed: nodes of the release before send and expect it")
                .containsAll(recorded());
    }

    @Test
    void everyFieldIsRecorded() throws IOException {
        assertThat(recorded())
                .as("the fields recorded in %s, to which new ones are to be added", RECORDED)
                .containsAll(present());
    }

    private static List<String> recorded() throws IOException {
        try (InputStream in = Objects.requireNonNull(BusFieldsTest.class.getResourceAsStream(RECORDED))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static List<String> present() {
        FileDescriptor bus = InboxBatch.getDescriptor().getFile();
        Stream<String> routes = Stream.of(Routes.INBOX, Routes.SESSION, Routes.CREDENTIALS, Routes.ACCOUNTS)
                .map(route -> "route " + route.address() + ": "
                        + route.requestType().getName() + " "
                        + route.replyType().getName());
        Stream<String> fields = bus.getMessageTypes().stream().flatMap(BusFieldsTest::fields);
        Stream<String> values = bus.getEnumTypes().stream().flatMap(BusFieldsTest::values);
        return Stream.of(routes, fields, values).flatMap(all -> all).toList();
    }

    private static Stream<String> fields(Descriptor message) {
        return message.getFields().stream()
                .map(field -> message.getName() + "." + field.getName() + " = " + field.getNumber() + ": "
                        + multiplicity(field) + type(field));
    }

    private static String multiplicity(FieldDescriptor field) {
        if (field.isRepeated()) {
            return "repeated ";
        }
        if (field.getRealContainingOneof() != null) {
            return "one of " + field.getRealContainingOneof().getName() + ", ";
        }
        return field.getContainingOneof() != null ? "optional " : "";
    }

    private static String type(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getName();
            case ENUM -> field.getEnumType().getName();
            default -> field.toProto().getType().name().replace("TYPE_", "").toLowerCase(Locale.ROOT);
        };
    }

    private static Stream<String> values(EnumDescriptor type) {
        return type.getValues().stream()
                .map(value -> type.getName() + "." + value.getName() + " = " + value.getNumber());
    }
}
