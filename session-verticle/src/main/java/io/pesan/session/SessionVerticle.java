package io.pesan.session;

import com.google.protobuf.Message;
import io.pesan.contract.bus.GatewayNotices;
import io.pesan.contract.bus.NotBegunException;
import io.pesan.contract.bus.Route;
import io.pesan.contract.bus.Routes;
import io.pesan.redis.RedisConfig;
import io.pesan.redis.RedisLinks;
import io.pesan.redis.RedisMetrics;
import io.pesan.redis.RedisScript;
import io.pesan.redis.SessionLookup;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The session role of a node: serves {@link Routes#SESSION}, {@link Routes#CREDENTIALS} and {@link Routes#ACCOUNTS} on one
 * event loop.
 *
 * <p>Deploy one instance per node: the bound on waiting password hashes is the verticle's own. Deployment succeeds once
 * Redis has answered and other nodes can reach the routes. While Redis is away requests are refused at once with
 * {@code UNAVAILABLE}. Undeployment waits up to 5 s for requests that are under way.
 */
public final class SessionVerticle extends VerticleBase {

    private static final long LEAVING_MILLIS = 5_000;

    private final SessionConfig config;
    private final RedisConfig redisConfig;
    private final SessionMetrics metrics;
    private final Supplier<RedisMetrics> redisMetrics;
    private final List<Supplier<Future<Void>>> withdrawals = new ArrayList<>();
    private final Promise<Void> idle = Promise.promise();
    private @Nullable Parts parts;
    private int underWay;
    private boolean stopping;

    /** One that nobody watches. */
    public SessionVerticle(SessionConfig config, RedisConfig redisConfig) {
        this(config, redisConfig, SessionMetrics.NONE, () -> RedisMetrics.NONE);
    }

    /**
     * One that tells what happens.
     *
     * @param redisMetrics makes those of each connection to Redis
     */
    public SessionVerticle(
            SessionConfig config,
            RedisConfig redisConfig,
            SessionMetrics metrics,
            Supplier<RedisMetrics> redisMetrics) {
        this.metrics = metrics;
        this.redisMetrics = redisMetrics;
        this.config = config;
        this.redisConfig = redisConfig;
    }

    /** What lives as long as the verticle and has to be closed. */
    private record Parts(RedisLinks redis, HashingPool pool, ExpirySweep sweep) {}

    @Override
    public Future<?> start() {
        List<RedisScript> scripts = Stream.of(Accounts.SCRIPTS, ActiveUserSet.SCRIPTS, UserSessions.SCRIPTS)
                .flatMap(List::stream)
                .toList();
        RedisLinks redis = RedisLinks.open(vertx, redisConfig, scripts, redisMetrics);
        // Who is listed as online is nobody's promise: the sweep makes it true again.
        SessionLookup lookup = new SessionLookup(redis.plain());
        ActiveUserSet active = new ActiveUserSet(redis.plain());
        Accounts accounts = new Accounts(redis.kept());
        ListenerNotices listeners = new ListenerNotices(redis.plain(), new GatewayNotices(vertx.eventBus()).watchful());
        UserSessions sessions = new UserSessions(redis.kept(), active, listeners, config.sessions());
        HashingPool pool = new HashingPool(vertx, config.hashing(), metrics);
        Hashing hashing = new Hashing(pool, PasswordHash.Cost.of(config.hashing()));
        CredentialService credentials = new CredentialService(
                new LogIns(accounts, sessions, hashing, config.uniformErrors()),
                new Passwords(accounts, lookup, sessions, active, hashing),
                lookup,
                metrics);
        SessionService commands = new SessionService(lookup, sessions, active, config.listUsersPage());
        AccountService administration = new AccountService(accounts, sessions, active, metrics);
        ExpirySweep sweep = new ExpirySweep(vertx, redis.plain(), active, sessions, metrics);
        parts = new Parts(redis, pool, sweep);
        return redis.connected().onSuccess(connected -> {
            offer(Routes.SESSION, commands::answer);
            offer(Routes.CREDENTIALS, credentials::answer);
            offer(Routes.ACCOUNTS, administration::answer);
            sweep.start();
        });
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        if (parts != null) {
            parts.sweep().stop();
        }
        List<Future<Void>> withdrawn = withdrawals.stream().map(Supplier::get).toList();
        return Future.join(withdrawn)
                .transform(done -> untilIdle())
                .transform(done -> parts == null ? Future.succeededFuture() : close(parts));
    }

    private <Q extends Message, R extends Message> void offer(Route<Q, R> route, Function<Q, Future<R>> service) {
        withdrawals.add(route.serve(vertx.eventBus(), request -> counted(service, request))::unregister);
    }

    private <Q, R> Future<R> counted(Function<Q, Future<R>> service, Q request) {
        if (parts == null || !parts.redis().isConnected()) {
            return Future.failedFuture(new NotBegunException("no connection to Redis"));
        }
        underWay++;
        return service.apply(request).onComplete(done -> {
            underWay--;
            leaveIfIdle();
        });
    }

    private Future<Void> untilIdle() {
        leaveIfIdle();
        return idle.future().timeout(LEAVING_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void leaveIfIdle() {
        if (stopping && underWay == 0) {
            idle.tryComplete();
        }
    }

    private static Future<Void> close(Parts parts) {
        return Future.join(parts.pool().close(), parts.redis().close()).mapEmpty();
    }
}
