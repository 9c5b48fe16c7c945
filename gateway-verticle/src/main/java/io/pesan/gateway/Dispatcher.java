package io.pesan.gateway;

import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.CredentialRequest;
import io.pesan.contract.protocol.ErrorCode;
import io.pesan.contract.protocol.ReplyBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends one connection's requests where they have to go, and puts the answers into its reply buffer, in order: at most
 * one run of requests for one service is under way.
 */
final class Dispatcher {

    /** Is told that a request, with this tag, could not be answered because of a bug. */
    interface Breakage {
        void broken(@Nullable String tag, RuntimeException bug);
    }

    /**
     * From reading a line to giving up on its answer, whatever happens behind the gateway. The protocol promises 5 s: the
     * rest is for the clock's steps.
     */
    static final long ANSWER_WITHIN_NANOS = TimeUnit.MILLISECONDS.toNanos(4_600);

    /** Most requests of one connection in a batch: no connection fills one alone. */
    private static final int MAX_RUN_COMMANDS = 256;

    private final Services services;
    private final Conversation conversation;
    private final ReplyBuffer replies;
    private final Effects effects;
    private final Breakage breakage;
    /** Longer than any request has waited: none was held up. */
    private long heldUpUntilNanos = System.nanoTime() - TimeUnit.DAYS.toNanos(1);

    private int underWay;
    /** Of the request that was last begun to be answered. */
    private @Nullable String answeringTag;

    Dispatcher(Services services, Conversation conversation, ReplyBuffer replies, Effects effects, Breakage breakage) {
        this.services = services;
        this.conversation = conversation;
        this.replies = replies;
        this.effects = effects;
        this.breakage = breakage;
    }

    boolean isBusy() {
        return underWay > 0;
    }

    /**
     * Answers the queue's first request, or sends it on its way together with those that may go with it. Only if nothing
     * is under way.
     *
     * @param owner in whose order the requests take effect
     * @param answered called when what was sent on its way has been answered
     * @return how many requests, from the queue's head, are no longer its business
     */
    int dispatch(Object owner, Queue<Request> queue, Runnable answered) {
        Request first = queue.element();
        Call call = first.call();
        long now = System.nanoTime();
        if (call instanceof Call.Local local) {
            local.answer(conversation, answer(first, now));
            return 1;
        }
        boolean late = now - deadline(first) >= 0;
        if (call instanceof Call.ToInbox command) {
            return late
                    ? giveUp(first, command, services.inbox())
                    : sendRun(services.inbox(), Call.ToInbox.class, owner, queue, answered);
        }
        if (call instanceof Call.ToSession command) {
            return late
                    ? giveUp(first, command, services.session())
                    : sendRun(services.session(), Call.ToSession.class, owner, queue, answered);
        }
        Call.ToCredentials command = (Call.ToCredentials) call;
        if (late) {
            command.answer(services.unavailable(), conversation, answer(first, now));
            return 1;
        }
        return sendCredentials(first, command, answered);
    }

    /** The call itself answers: a login, for one, that was not even tried has failed like any other. */
    private <C, X> int giveUp(Request request, Call.Batched<C, X> call, Lane<C, X> lane) {
        call.answer(lane.unavailable(), conversation, answer(request, System.nanoTime()));
        return 1;
    }

    private <C, X, B extends Call.Batched<C, X>> int sendRun(
            Lane<C, X> lane, Class<B> kind, Object owner, Queue<Request> queue, Runnable answered) {
        List<Request> requests = new ArrayList<>();
        List<C> commands = new ArrayList<>();
        int bytes = 0;
        int replyBytes = 0;
        for (Request request : queue) {
            if (!kind.isInstance(request.call()) || requests.size() == MAX_RUN_COMMANDS) {
                break;
            }
            B call = kind.cast(request.call());
            C command = call.prepare(conversation);
            if (command == null) {
                break;
            }
            requests.add(request);
            commands.add(command);
            bytes += request.lineBytes();
            replyBytes += call.replyBytes();
            if (call.endsRun()) {
                break;
            }
        }
        if (requests.isEmpty()) {
            return refuseWithoutSession(queue.element());
        }
        underWay = requests.size();
        lane.offer(new Lane.Run<>(owner, commands, bytes, replyBytes, deadline(requests.get(0)), guarded(results -> {
            long now = System.nanoTime();
            for (int i = 0; i < requests.size(); i++) {
                Request request = requests.get(i);
                kind.cast(request.call()).answer(results.get(i), conversation, answer(request, now));
            }
            answered.run();
        })));
        return requests.size();
    }

    /** The client itself has held its requests up until then: that time is not the service's. */
    void heldUpUntil(long nanos) {
        heldUpUntilNanos = nanos;
    }

    private long deadline(Request request) {
        long waited = Math.max(0, heldUpUntilNanos - request.readNanos());
        return request.readNanos() + waited + ANSWER_WITHIN_NANOS;
    }

    private int sendCredentials(Request request, Call.ToCredentials call, Runnable answered) {
        CredentialRequest.Builder credentials = call.prepare(conversation);
        if (credentials == null) {
            return refuseWithoutSession(request);
        }
        underWay = 1;
        Duration patience = Duration.ofNanos(deadline(request) - System.nanoTime());
        services.credentials(credentials, patience).onSuccess(this.<CredentialReply>guarded(result -> {
            call.answer(result, conversation, answer(request, System.nanoTime()));
            answered.run();
        })::accept);
        return 1;
    }

    private <T> Consumer<T> guarded(Consumer<T> completion) {
        return result -> {
            underWay = 0;
            try {
                completion.accept(result);
            } catch (RuntimeException bug) {
                breakage.broken(answeringTag, bug);
            }
        };
    }

    private int refuseWithoutSession(Request request) {
        answer(request, System.nanoTime()).refuse(ErrorCode.SESSION_UNKNOWN);
        return 1;
    }

    private Answer answer(Request request, long nowNanos) {
        // Here, where requests come in their order: what a reply looks like must not depend on how much has been read.
        if (request.tag() != null || request.call().isExtension()) {
            conversation.extended();
        }
        answeringTag = request.tag();
        return new Answer(request, replies, effects, nowNanos);
    }
}
