package io.pesan.gateway;

import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.CredentialRequest;
import io.pesan.contract.bus.proto.LogIn;
import io.pesan.contract.protocol.Credentials;
import io.pesan.contract.protocol.ErrorCode;
import io.pesan.contract.protocol.RequestLine;
import io.pesan.contract.protocol.Token;

/** {@code auth <username> <password>}: logs in, and binds the connection to the new session. */
final class AuthCommand implements CommandSyntax {

    @Override
    public String word() {
        return "auth";
    }

    @Override
    public String usage() {
        return "auth <username> <password>";
    }

    @Override
    public Call parse(RequestLine line) {
        String username = line.next();
        String password = line.next();
        if (!Credentials.isPassword(password) || line.hasNext()) {
            return new FailedLogin(ErrorCode.ARGUMENTS_WRONG, Audit.Event.LOGIN);
        }
        return new Auth(username, password);
    }

    /** A username that no account can have is simply unknown: the session service says so. */
    private record Auth(String username, String password) implements Call.ToCredentials {

        @Override
        public CredentialRequest.Builder prepare(Conversation conversation) {
            return CredentialRequest.newBuilder()
                    .setLogIn(LogIn.newBuilder().setUsername(username).setPassword(password));
        }

        @Override
        public void answer(CredentialReply result, Conversation conversation, Answer answer) {
            if (!result.hasLoggedIn()) {
                conversation.unbind();
                answer.refuse(result.getRefused(), Audit.Event.LOGIN, username);
                return;
            }
            String token = result.getLoggedIn().getToken();
            conversation.bind(new Token(token));
            answer.ok().text("tokenid", token).text("tokenId", token);
            answer.end();
            answer.audit(Audit.Event.LOGIN, username);
            answer.effects().speaksFor(username);
        }

        @Override
        public String toString() {
            return "Auth[" + username + "]";
        }
    }
}
