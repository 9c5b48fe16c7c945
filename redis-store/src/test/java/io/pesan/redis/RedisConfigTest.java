package io.pesan.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisConfigTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://localhost",
                "redis://localhost:6380",
                "redis://localhost/",
                "redis://localhost:6379/15",
                "redis://:secret@10.0.0.1",
                "redis://user:secret@[::1]:6379",
                "rediss://redis.example.org",
            })
    void takesWhatNamesOneServer(String url) {
        assertThatCode(() -> new RedisConfig(url, null, null)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:6379",
                "http://localhost",
                "redis://",
                "redis:///0",
                "redis://localhost/zero",
                "redis://localhost/0/1",
                "redis://user:sec ret@localhost",
                "redis://localhost?password=secret",
                "redis://localhost/0?",
                "redis://localhost#secret",
            })
    void namesTheKeyWhenItTakesAUrlNot(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RedisConfig(url, null, null))
                .withMessageContaining("redis.url")
                .withMessageNotContaining("secret");
    }

    @Test
    void showsNoSecretWhenAUrlIsMalformed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RedisConfig("redis://user:s e c r e t@localhost", null, null))
                .withMessageNotContaining("s e c")
                .withNoCause();
    }

    @Test
    void showsTheServerAndNoSecret() {
        RedisConfig config = new RedisConfig("rediss://user:hush@redis.example.org:7000/3", "hush", "ca.pem");
        assertThat(config).hasToString("RedisConfig[rediss://redis.example.org:7000]");
        assertThat(config.server()).isEqualTo("redis.example.org:7000");
        assertThat(new RedisConfig("redis://localhost", null, null).server()).isEqualTo("localhost:6379");
    }

    @Test
    void tellsUserAndPasswordOfTheUrl() {
        RedisConfig config = new RedisConfig("redis://us%20er:p%3A+%C3%A9:w@[::1]:7000/3", null, null);
        assertThat(config.user()).isEqualTo("us er");
        assertThat(config.secret()).isEqualTo("p:+\u00e9:w");
        assertThat(config.connectionString(config.addresses().get(0))).isEqualTo("redis://[::1]:7000/3");
    }

    @Test
    void prefersThePasswordGivenApart() {
        assertThat(new RedisConfig("redis://user:url@localhost", "apart", null).secret())
                .isEqualTo("apart");
        assertThat(new RedisConfig("redis://user@localhost", "apart", null).user())
                .isEqualTo("user");
    }

    @Test
    void logsNobodyInWithoutUserAndPassword() {
        RedisConfig config = new RedisConfig("redis://localhost", null, null);
        assertThat(config.user()).isNull();
        assertThat(config.secret()).isNull();
        assertThat(new RedisConfig("redis://:secret@localhost", null, null).user())
                .isNull();
        assertThat(new RedisConfig("redis://:secret@localhost", null, null).secret())
                .isEqualTo("secret");
    }

    @Test
    void takesSeveralAddressesOfSentinelsAndClusters() {
        RedisConfig sentinels = sentinels("rediss://me:a%2Cb@s1:7000/2,s2, [::1]:7002,rediss://s4");
        assertThat(sentinels.server()).isEqualTo("s1:7000,s2:26379,[::1]:7002,s4:26379");
        assertThat(sentinels.secret()).isEqualTo("a,b");
        assertThat(sentinels.connectionString(RedisAddress.told("fe80::1", 6379)))
                .isEqualTo("rediss://[fe80::1]:6379/2");
        assertThat(sentinels.sentinelConnectionString(sentinels.addresses().get(0)))
                .isEqualTo("rediss://s1:7000");
        assertThat(cluster("redis://a,b:7001").server()).isEqualTo("a:6379,b:7001");
        assertThat(new RedisConfig("redis://me:a,b@one", null, null).secret()).isEqualTo("a,b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://a,",
                "redis://a,rediss://b",
                "redis://a,redis://me:secret@b",
                "redis://a,b/3",
                "redis://a,b?password=secret",
                "redis://a?password=secret,b",
                "redis://a,b#secret",
                "redis://a/3",
                "a,b",
            })
    void namesTheKeyWhenItTakesAddressesOfAClusterNot(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cluster(url))
                .withMessageContaining("redis.url")
                .withMessageNotContaining("secret");
    }

    @Test
    void namesTheKeyOfATopologyThatIsIncomplete() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RedisConfig.Topology(RedisConfig.Mode.SENTINEL, "", null))
                .withMessageStartingWith("redis.sentinel-master ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RedisConfig.Topology(RedisConfig.Mode.CLUSTER, "primary", null))
                .withMessageStartingWith("redis.sentinel-master ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RedisConfig.Topology(RedisConfig.Mode.STANDALONE, "", "secret"))
                .withMessageStartingWith("redis.sentinel-password ");
    }

    private static RedisConfig sentinels(String url) {
        return new RedisConfig(
                url, null, null, new RedisConfig.Topology(RedisConfig.Mode.SENTINEL, "primary", null), 0);
    }

    private static RedisConfig cluster(String url) {
        return new RedisConfig(url, null, null, new RedisConfig.Topology(RedisConfig.Mode.CLUSTER, "", null), 0);
    }
}
