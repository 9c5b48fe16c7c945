package io.pesan.gateway;

import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.CredentialRequest;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.InboxResult;
import io.pesan.contract.bus.proto.SessionCommand;
import io.pesan.contract.bus.proto.SessionResult;
import org.jspecify.annotations.Nullable;

/**
 * A parsed request: where it has to go, what it says there, and how the result becomes a reply.
 *
 * <p>A call that needs a session and has none ({@code prepare} returns null) is answered {@code SESSION_UNKNOWN} without
 * going anywhere.
 */
sealed interface Call {

    /** Whether it is a {@code send}, which has an error text of its own. */
    default boolean isSend() {
        return false;
    }

    /** Whether the original protocol does not have it. */
    default boolean isExtension() {
        return false;
    }

    /** Answered by the gateway itself. */
    non-sealed interface Local extends Call {
        void answer(Conversation conversation, Answer answer);
    }

    /**
     * Goes to a service in a batch.
     *
     * @param <C> the command
     * @param <X> its result
     */
    sealed interface Batched<C, X> extends Call {
        @Nullable C prepare(Conversation conversation);

        void answer(X result, Conversation conversation, Answer answer);

        /**
         * Whether the requests behind it must not share its batch: because its reply may be large, or because it decides
         * which session they mean.
         */
        default boolean endsRun() {
            return false;
        }

        /** How many bytes its result may have, at most and about; 0: few. */
        default int replyBytes() {
            return 0;
        }
    }

    /** Goes to the inbox service. */
    non-sealed interface ToInbox extends Batched<InboxCommand.Builder, InboxResult> {}

    /** Goes to the session service. */
    non-sealed interface ToSession extends Batched<SessionCommand.Builder, SessionResult> {}

    /** Hashes a password: goes to the session service in a request of its own. */
    non-sealed interface ToCredentials extends Call {
        CredentialRequest.@Nullable Builder prepare(Conversation conversation);

        void answer(CredentialReply result, Conversation conversation, Answer answer);
    }
}
