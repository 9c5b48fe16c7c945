package io.pesan.gateway;

import io.pesan.contract.bus.proto.EndSession;
import io.pesan.contract.bus.proto.SessionCommand;
import io.pesan.contract.bus.proto.SessionResult;
import io.pesan.contract.protocol.RequestLine;
import io.pesan.contract.protocol.Token;
import org.jspecify.annotations.Nullable;

/** {@code logout [token]}: ends one session. */
final class LogoutCommand implements CommandSyntax {

    private static final String FAREWELL = "Terima Kasih Telah Menggunakan Service Ini";

    @Override
    public String word() {
        return "logout";
    }

    @Override
    public String usage() {
        return "logout [token]";
    }

    @Override
    public Call parse(RequestLine line) {
        SessionArgument session = SessionArgument.take(line);
        if (line.hasNext()) {
            return Refusal.argumentsWrong();
        }
        return session.unknown() ? Refusal.sessionUnknown() : new Logout(session.token());
    }

    private record Logout(@Nullable Token token) implements Call.ToSession {

        @Override
        public SessionCommand.@Nullable Builder prepare(Conversation conversation) {
            String session = conversation.session(token);
            if (session == null) {
                return null;
            }
            return SessionCommand.newBuilder()
                    .setEndSession(EndSession.newBuilder().setSession(session));
        }

        @Override
        public void answer(SessionResult result, Conversation conversation, Answer answer) {
            if (!result.hasSessionEnded()) {
                answer.refuse(result.getRefused(), Audit.Event.LOGOUT, "");
                return;
            }
            conversation.sessionProven();
            // The specification prints one key, the deployed clients read the other.
            answer.ok().text("messages", FAREWELL).text("message", FAREWELL);
            answer.end();
            answer.audit(Audit.Event.LOGOUT, result.getSessionEnded().getUsername());
        }
    }
}
