package io.pesan.gateway;

import io.pesan.contract.bus.proto.SessionCommand;
import io.pesan.contract.bus.proto.SessionResult;
import io.pesan.contract.protocol.ErrorCode;
import io.pesan.contract.protocol.RequestLine;
import io.pesan.contract.protocol.Token;

/** {@code resume <token>}: binds the connection to a session that lives already. */
final class ResumeCommand implements CommandSyntax {

    @Override
    public String word() {
        return "resume";
    }

    @Override
    public String usage() {
        return "resume <token>";
    }

    @Override
    public Call parse(RequestLine line) {
        String word = line.next();
        if (word.isEmpty() || line.hasNext()) {
            return new FailedLogin(ErrorCode.ARGUMENTS_WRONG, Audit.Event.RESUME);
        }
        return Token.hasShape(word)
                ? new Resume(new Token(word))
                : new FailedLogin(ErrorCode.SESSION_UNKNOWN, Audit.Event.RESUME);
    }

    private record Resume(Token token) implements Call.ToSession {

        @Override
        public boolean isExtension() {
            return true;
        }

        @Override
        public boolean endsRun() {
            return true;
        }

        @Override
        public SessionCommand.Builder prepare(Conversation conversation) {
            return WhoamiCommand.describe(token.hash());
        }

        @Override
        public void answer(SessionResult result, Conversation conversation, Answer answer) {
            if (!result.hasSessionDescription()) {
                conversation.unbind();
                answer.refuse(result.getRefused(), Audit.Event.RESUME, "");
                return;
            }
            conversation.bind(token);
            String username = result.getSessionDescription().getUsername();
            answer.ok().text("username", username);
            answer.end();
            answer.audit(Audit.Event.RESUME, username);
            answer.effects().speaksFor(username);
        }
    }
}
