package io.pesan.gateway;

import io.pesan.contract.protocol.ErrorCode;
import io.pesan.contract.protocol.RequestLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The commands that this gateway understands. */
final class CommandTable {

    private final Map<String, CommandSyntax> byWord = new HashMap<>();
    private final List<String> usages = new ArrayList<>();

    /**
     * @param selfRegistration whether {@code register} is a command
     * @param gateway this event loop's name, see {@link io.pesan.contract.bus.GatewayNotices}
     */
    CommandTable(boolean selfRegistration, String gateway) {
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
        byWord.put(command.word(), command);
        usages.add(command.usage());
    }

    /** Turns a line into what is to be done about it. */
    Call parse(RequestLine line) {
        ErrorCode fault = line.fault();
        if (fault != null) {
            return new Refusal(fault, false);
        }
        CommandSyntax command = byWord.get(line.command());
        return command == null ? new Refusal(ErrorCode.COMMAND_UNKNOWN, false) : command.parse(line);
    }
}
