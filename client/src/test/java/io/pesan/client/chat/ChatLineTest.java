package io.pesan.client.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.client.chat.ChatLine.Choose;
import io.pesan.client.chat.ChatLine.Command;
import io.pesan.client.chat.ChatLine.Nothing;
import io.pesan.client.chat.ChatLine.Say;
import io.pesan.client.chat.ChatLine.SayTo;
import io.pesan.client.chat.ChatLine.Wrong;
import io.pesan.contract.protocol.Username;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatLineTest {

    private static final Username HENDERSON = new Username("henderson");

    @Test
    void tellsTextFromCommands() {
        assertThat(ChatLine.parse("  hola  amigo ")).isEqualTo(new Say("hola  amigo"));
        assertThat(ChatLine.parse("@henderson hola  amigo")).isEqualTo(new SayTo(HENDERSON, "hola  amigo"));
        assertThat(ChatLine.parse("@henderson")).isEqualTo(new Choose(HENDERSON));
        assertThat(ChatLine.parse("/to henderson")).isEqualTo(new Choose(HENDERSON));
        assertThat(ChatLine.parse("/passwd ")).isEqualTo(Command.PASSWD);
        assertThat(ChatLine.parse(" \t")).isEqualTo(new Nothing());
    }

    @Test
    void takesADoubledCharacterForText() {
        assertThat(ChatLine.parse("//etc/passwd")).isEqualTo(new Say("/etc/passwd"));
        assertThat(ChatLine.parse("@@home")).isEqualTo(new Say("@home"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/nope", "/to", "/to a b", "/to no!name", "/passwd old new", "@", "@no!name hola", "@ x"})
    void saysWhatIsWrong(String line) {
        assertThat(ChatLine.parse(line)).isInstanceOf(Wrong.class);
    }
}
