package io.pesan.node.metrics;

import io.pesan.contract.protocol.ErrorCode;
import io.pesan.gateway.GatewayMetrics;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts for one event loop's gateway. */
final class GatewayCounts implements GatewayMetrics {

    /** The families that all gateways of a node write to. */
    static final class Shared {

        private final Series<Count> connections;
        private final Series<Count> opened;
        private final Series<Count> closed;
        private final Series<Count> rejected;
        private final Series<Count> commands;
        private final Series<Distribution> commandTimes;
        private final Series<Count> bytes;
        private final Series<Count> buffered;
        private final Series<Count> listeners;
        private final Series<Count> pushed;
        private final Series<Distribution> batches;
        private final Series<Distribution> requestTimes;
        private final Series<Count> inFlight;

        Shared(Families families) {
            connections = families.gauge("pesan_gateway_connections", "Client connections that are served now.");
            opened = families.counter("pesan_gateway_connections_opened", "Client connections served so far.");
            closed = families.counter(
                    "pesan_gateway_connections_closed", "Client connections that ended, by why they did.", "reason");
            rejected = families.counter(
                    "pesan_gateway_rejected", "Connections that were turned away unserved, by why.", "reason");
            commands = families.counter(
                    "pesan_gateway_commands",
                    "Replies to clients' commands; outcome: ok or the error's code.",
                    "command",
                    "outcome");
            commandTimes = families.times(
                    "pesan_gateway_command_seconds", "From reading a command to having its reply.", "command");
            bytes = families.counter(
                    "pesan_gateway_bytes", "Bytes read off (in) and given to (out) clients' sockets.", "direction");
            buffered = families.gauge(
                    "pesan_gateway_buffered_bytes", "Unfinished lines and waiting replies held for clients now.");
            listeners = families.gauge("pesan_gateway_listeners", "Connections that listen now.");
            pushed = families.counter("pesan_gateway_pushed", "Messages sent to listening connections.");
            batches = families.sizes("pesan_bus_batch_commands", "Commands in a batch to a service.", "route");
            requestTimes = families.times(
                    "pesan_bus_request_seconds",
                    "From asking a service to its answer, or until it is not waited for any more.",
                    "route",
                    "outcome");
            inFlight = families.gauge("pesan_bus_in_flight", "Requests to services under way.", "route");
        }
    }

    private final Shared shared;
    private final Count connections;
    private final Count opened;
    private final Map<CloseReason, Count> closed;
    private final Map<Rejection, Count> rejected;
    private final Count received;
    private final Count sent;
    private final Count buffered;
    private final Count listeners;
    private final Count pushed;

    GatewayCounts(Shared shared) {
        this.shared = shared;
        this.connections = shared.connections.part();
        this.opened = shared.opened.part();
        this.closed = byEnum(shared.closed, CloseReason.class);
        this.rejected = byEnum(shared.rejected, Rejection.class);
        this.received = shared.bytes.part("in");
        this.sent = shared.bytes.part("out");
        this.buffered = shared.buffered.part();
        this.listeners = shared.listeners.part();
        this.pushed = shared.pushed.part();
    }

    private static <E extends Enum<E>> Map<E, Count> byEnum(Series<Count> series, Class<E> type) {
        return LabelValues.of(type, series::part);
    }

    @Override
    public void opened() {
        opened.increment();
        connections.increment();
    }

    @Override
    public void closed(CloseReason reason) {
        LabelValues.get(closed, reason).increment();
        connections.add(-1);
    }

    @Override
    public void rejected(Rejection reason) {
        LabelValues.get(rejected, reason).increment();
    }

    @Override
    public void received(int bytes) {
        received.add(bytes);
    }

    @Override
    public void sent(int bytes) {
        sent.add(bytes);
    }

    @Override
    public void buffered(long bytes) {
        buffered.set(bytes);
    }

    @Override
    public void listening() {
        listeners.increment();
    }

    @Override
    public void listeningEnded() {
        listeners.add(-1);
    }

    @Override
    public void pushed() {
        pushed.increment();
    }

    @Override
    public CommandMetrics command(String word) {
        Count ok = shared.commands.part(word, "ok");
        EnumMap<ErrorCode, Count> errors = LabelValues.of(ErrorCode.class, code -> shared.commands.part(word, code));
        Distribution times = shared.commandTimes.part(word);
        return new CommandMetrics() {
            @Override
            public void answered(@Nullable ErrorCode error, long nanos) {
                (error == null ? ok : LabelValues.get(errors, error)).increment();
                times.record(nanos);
            }
        };
    }

    @Override
    public RouteMetrics route(String name) {
        Distribution batches = shared.batches.part(name);
        Count inFlight = shared.inFlight.part(name);
        EnumMap<RequestOutcome, Distribution> times =
                LabelValues.of(RequestOutcome.class, outcome -> shared.requestTimes.part(name, outcome));
        return new RouteMetrics() {
            @Override
            public void batched(int commands) {
                batches.record(commands);
            }

            @Override
            public void asked() {
                inFlight.increment();
            }

            @Override
            public void settled(RequestOutcome outcome, long nanos) {
                inFlight.add(-1);
                LabelValues.get(times, outcome).record(nanos);
            }
        };
    }
}
