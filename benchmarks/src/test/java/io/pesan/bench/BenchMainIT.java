package io.pesan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BenchMainIT {

    private final StringWriter said = new StringWriter();
    private final CommandLine bench = BenchMain.commandLine().setErr(new PrintWriter(said, true));

    @ParameterizedTest
    @ValueSource(strings = {"--port 99999", "--port 0", "--users -1", "--recipients -1", "--host no.such.host.invalid"})
    void explainsAValueThatCanNotBeInOneLine(String options) {
        assertThat(bench.execute(("send " + options).split(" "))).isEqualTo(1);
        assertThat(said.toString().lines()).singleElement().asString().startsWith("pesan bench send: ");
    }

    @Test
    void namesTheCommandThatWasMisused() {
        assertThat(bench.execute("send", "--connections", "many")).isEqualTo(2);
        assertThat(said.toString().lines()).singleElement().asString().startsWith("pesan bench send: ");
    }

    @Test
    void namesAServerThatIsNotThereAsItWasGiven() {
        assertThat(bench.execute("connect", "--port", "1", "--connections", "1"))
                .isEqualTo(1);
        assertThat(said).hasToString("pesan bench connect: can't connect to 127.0.0.1:1: Connection refused\n");
    }
}
