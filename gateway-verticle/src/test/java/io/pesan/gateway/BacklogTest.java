package io.pesan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BacklogTest {

    private static final int MOST_COMMANDS = 100_000;

    private final Backlog backlog = new Backlog();
    private final List<String> released = new ArrayList<>();

    private void fill() {
        for (int i = 0; i < MOST_COMMANDS; i++) {
            backlog.add(10);
        }
    }

    private void remove(int commands) {
        for (int i = 0; i < commands; i++) {
            backlog.remove(1, 10);
        }
    }

    @Test
    void isFullOfCommandsOrOfBytes() {
        assertThat(backlog.isFull()).isFalse();
        fill();
        assertThat(backlog.isFull()).isTrue();
        backlog.remove(1, 10);
        assertThat(backlog.isFull()).isFalse();
        backlog.add(64 << 20);
        backlog.remove(1, 10);
        assertThat(backlog.isFull()).isTrue();
    }

    @Test
    void letsTheHaltedGoOnInTheirOrderOnceItIsHalfEmpty() {
        fill();
        backlog.halt(() -> released.add("first"));
        backlog.halt(() -> released.add("second"));
        remove(MOST_COMMANDS / 2);
        backlog.release();
        assertThat(released).isEmpty();
        remove(1);
        backlog.release();
        assertThat(released).containsExactly("first", "second");
        backlog.release();
        assertThat(released).hasSize(2);
    }

    @Test
    void letsNoMoreGoOnThanThereIsRoomFor() {
        fill();
        backlog.halt(() -> {
            released.add("first");
            backlog.add(10);
            backlog.release();
        });
        backlog.halt(() -> released.add("second"));
        remove(MOST_COMMANDS / 2 + 1);
        backlog.release();
        assertThat(released).containsExactly("first");
        remove(1);
        backlog.release();
        assertThat(released).containsExactly("first", "second");
    }
}
