package io.pesan.gateway;

import io.pesan.contract.bus.proto.AddAccount;
import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.CredentialRequest;
import io.pesan.contract.protocol.Credentials;
import io.pesan.contract.protocol.RequestLine;
import io.pesan.contract.protocol.Username;

/** {@code register <username> <password> [full name]}: opens an account, where that is allowed. */
final class RegisterCommand implements CommandSyntax {

    @Override
    public String word() {
        return "register";
    }

    @Override
    public String usage() {
        return "register <username> <password> [full name]";
    }

    @Override
    public Call parse(RequestLine line) {
        String username = line.next();
        String password = line.next();
        String name = line.rest();
        boolean fits = Username.isValid(username)
                && Credentials.isPassword(password)
                && (name.isEmpty() || Credentials.isFullName(name));
        return fits ? new Register(username, password, name) : Refusal.argumentsWrong();
    }

    private record Register(String username, String password, String name) implements Call.ToCredentials {

        @Override
        public boolean isExtension() {
            return true;
        }

        @Override
        public CredentialRequest.Builder prepare(Conversation conversation) {
            return CredentialRequest.newBuilder()
                    .setAddAccount(AddAccount.newBuilder()
                            .setUsername(username)
                            .setPassword(password)
                            .setName(name));
        }

        @Override
        public void answer(CredentialReply result, Conversation conversation, Answer answer) {
            if (!result.hasAccountAdded()) {
                answer.refuse(result.getRefused(), Audit.Event.REGISTRATION, username);
                return;
            }
            answer.ok().text("username", result.getAccountAdded().getUsername());
            answer.end();
            answer.audit(Audit.Event.REGISTRATION, username);
        }

        @Override
        public String toString() {
            return "Register[" + username + "]";
        }
    }
}
