package io.pesan.gateway;

import io.pesan.contract.bus.proto.ChangePassword;
import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.CredentialRequest;
import io.pesan.contract.protocol.Credentials;
import io.pesan.contract.protocol.RequestLine;
import io.pesan.contract.protocol.Token;
import org.jspecify.annotations.Nullable;

/** {@code passwd [token] <old> <new>}: changes the password and ends the user's other sessions. */
final class PasswdCommand implements CommandSyntax {

    @Override
    public String word() {
        return "passwd";
    }

    @Override
    public String usage() {
        return "passwd [token] <old> <new>";
    }

    /** Two arguments are the passwords, even if the first looks like a token; of three the first is the token. */
    @Override
    public Call parse(RequestLine line) {
        String first = line.next();
        String second = line.next();
        String third = line.next();
        boolean hasToken = !third.isEmpty();
        String oldPassword = hasToken ? second : first;
        String newPassword = hasToken ? third : second;
        if (!Credentials.isPassword(oldPassword) || !Credentials.isPassword(newPassword) || line.hasNext()) {
            return Refusal.argumentsWrong();
        }
        SessionArgument session = hasToken ? SessionArgument.of(first) : new SessionArgument(null, false);
        return session.unknown() ? Refusal.sessionUnknown() : new Passwd(session.token(), oldPassword, newPassword);
    }

    private record Passwd(@Nullable Token token, String oldPassword, String newPassword) implements Call.ToCredentials {

        @Override
        public boolean isExtension() {
            return true;
        }

        @Override
        public CredentialRequest.@Nullable Builder prepare(Conversation conversation) {
            String session = conversation.session(token);
            if (session == null) {
                return null;
            }
            return CredentialRequest.newBuilder()
                    .setChangePassword(ChangePassword.newBuilder()
                            .setSession(session)
                            .setOldPassword(oldPassword)
                            .setNewPassword(newPassword));
        }

        @Override
        public void answer(CredentialReply result, Conversation conversation, Answer answer) {
            if (!result.hasPasswordChanged()) {
                answer.refuse(result.getRefused(), Audit.Event.PASSWORD_CHANGE, "");
                return;
            }
            conversation.sessionProven();
            answer.ok().text("message", "Password Changed");
            answer.end();
            answer.audit(
                    Audit.Event.PASSWORD_CHANGE, result.getPasswordChanged().getUsername());
        }

        @Override
        public String toString() {
            return "Passwd[]";
        }
    }
}
