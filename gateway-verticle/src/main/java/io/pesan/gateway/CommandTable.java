package io.pesan.gateway;

import io.pesan.contract.protocol.ErrorCode;
import io.pesan.contract.protocol.RequestLine;
import io.pesan.gateway.GatewayMetrics.CommandMetrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The commands that this gateway understands. */
final class CommandTable {

    /** Lines that name no command. */
    private static final String UNKNOWN = "unknown";

    private record Row(CommandSyntax syntax, CommandMetrics metrics) {}

    private final Map<String, Row> byWord = new HashMap<>();
    private final GatewayMetrics metrics;
    private final CommandMetrics unknown;
    private final List<String> usages = new ArrayList<>();

    /**
     * @param selfRegistration whether {@code register} is a command
     * @param gateway this event loop's name, see {@link io.pesan.contract.bus.GatewayNotices}
     */
    CommandTable(boolean selfRegistration, String gateway, GatewayMetrics metrics) {
        this.metrics = metrics;
        this.unknown = metrics.command(UNKNOWN);
        add(new AuthCommand());
        add(new SendCommand());
        add(new InboxCommandSyntax());
        add(new ListUserCommand());
        add(new LogoutCommand());
        add(new ResumeCommand());
        add(new WhoamiCommand());
        add(new FetchCommand());
        add(new AckCommand());
        add(new ListenCommand(gateway));
        add(new UnlistenCommand());
        if (selfRegistration) {
            add(new RegisterCommand());
        }
        add(new PasswdCommand());
        add(new PingCommand());
        add(new HelpCommand(usages));
        add(new QuitCommand());
    }

    private void add(CommandSyntax command) {
        byWord.put(command.word(), new Row(command, metrics.command(command.word())));
        usages.add(command.usage());
    }

    /**
     * Turns a line into a request.
     *
     * @param readNanos when the bytes that completed it were read, by {@link System#nanoTime}
     * @param bytes its length
     */
    Request parse(RequestLine line, long readNanos, int bytes) {
        Row row = line.fault() == null ? byWord.get(line.command()) : null;
        CommandMetrics counted = row == null ? unknown : row.metrics();
        return new Request(call(row, line), counted, line.tag(), readNanos, bytes);
    }

    private static Call call(@Nullable Row row, RequestLine line) {
        ErrorCode fault = line.fault();
        if (fault != null) {
            return new Refusal(fault, false);
        }
        return row == null
                ? new Refusal(ErrorCode.COMMAND_UNKNOWN, false)
                : row.syntax().parse(line);
    }
}
