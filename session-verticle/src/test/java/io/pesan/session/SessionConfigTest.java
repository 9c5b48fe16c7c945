package io.pesan.session;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionConfigTest {

    @Test
    void namesTheKeyThatIsWrong() {
        assertThatThrownBy(() -> new PasswordHashing(7, 1, 1, 1, 0))
                .hasMessage("security.password-hash.memory-kib must be between 8 and 1048576, is 7");
        assertThatThrownBy(() -> new PasswordHashing(31, 1, 4, 1, 0)).hasMessageContaining("memory-kib");
        assertThatThrownBy(() -> new PasswordHashing(8, 0, 1, 1, 0)).hasMessageContaining("iterations");
        assertThatThrownBy(() -> new PasswordHashing(8, 1, 65, 1, 0)).hasMessageContaining("parallelism");
        assertThatThrownBy(() -> new PasswordHashing(8, 1, 1, 0, 0)).hasMessageContaining("workers");
        assertThatThrownBy(() -> new PasswordHashing(8, 1, 1, 1, -1)).hasMessageContaining("queue");
        assertThatThrownBy(() -> new SessionLimits(Duration.ofSeconds(-1), Duration.ZERO, 0))
                .hasMessageContaining("sessions.idle-timeout");
        assertThatThrownBy(() -> new SessionLimits(Duration.ZERO, Duration.ofSeconds(-1), 0))
                .hasMessageContaining("sessions.lifetime");
        assertThatThrownBy(() -> new SessionLimits(Duration.ZERO, Duration.ZERO, -1))
                .hasMessageContaining("sessions.per-user");
        assertThatThrownBy(() -> new SessionConfig(SessionNode.LIMITS, SessionNode.CHEAP, false, 0))
                .hasMessageContaining("limits.list-users");
    }
}
