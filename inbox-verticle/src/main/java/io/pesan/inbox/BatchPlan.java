package io.pesan.inbox;

import io.pesan.contract.bus.proto.AckMessages;
import io.pesan.contract.bus.proto.ConfirmHandover;
import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.ListenToInbox;
import io.pesan.contract.bus.proto.ReadMessages;
import io.pesan.contract.bus.proto.ReleaseHandover;
import io.pesan.contract.bus.proto.RenewHandover;
import io.pesan.contract.bus.proto.SendMessage;
import io.pesan.contract.bus.proto.StopListening;
import io.pesan.contract.bus.proto.TakeMessages;
import io.pesan.contract.protocol.MessageId;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.Session;
import io.pesan.redis.SessionLookup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The script calls that carry out one batch, in the order in which Redis gets them.
 *
 * <p>All messages to one recipient share a call, which moves a message in front of commands that stood before it. So that
 * the commands of one connection still take effect in their order, a connection that changes between sending and anything
 * else moves on to the batch's next phase; every call of a phase comes before every call of the next.
 */
final class BatchPlan {

    private static final class Phase {
        final List<InboxCall> calls = new ArrayList<>();
        /** Each recipient's last call, by the recipient's name. */
        final Map<String, AppendCall> appends = new HashMap<>();
    }

    private final SessionLookup.Found found;
    private final InboxConfig config;
    private final long deadlineMillis;
    private final BatchTag tag;
    private final BatchResults results;
    private final List<Phase> phases = new ArrayList<>(2);

    /**
     * @param found the live sessions of the batch, and Redis's clock
     * @param deadlineMillis moment in Redis's clock after which no message is stored any more, and no lease taken
     * @param results is told what can be decided without asking Redis; what is settled in it already is left alone
     */
    BatchPlan(SessionLookup.Found found, InboxConfig config, long deadlineMillis, BatchTag tag, BatchResults results) {
        this.found = found;
        this.config = config;
        this.deadlineMillis = deadlineMillis;
        this.tag = tag;
        this.results = results;
    }

    /** Adds a batch's commands, but for those that are settled already. */
    BatchPlan addAll(InboxBatch batch) {
        int count = batch.getCommandsCount();
        int[] phaseOf = new int[count];
        boolean[] sending = new boolean[count];
        boolean[] seen = new boolean[count];
        for (int i = 0; i < count; i++) {
            InboxCommand command = batch.getCommands(i);
            // Ordinals are below the number of commands. Should one not be, it shares another's place: more order, not
            // less.
            int connection = Math.floorMod(command.getConnection(), count);
            if (seen[connection] && sending[connection] != command.hasSend()) {
                phaseOf[connection]++;
            }
            seen[connection] = true;
            sending[connection] = command.hasSend();
            if (!results.isSettled(i)) {
                add(i, command, phase(phaseOf[connection]));
            }
        }
        return this;
    }

    /** The calls, in the order in which Redis is to get them. */
    List<InboxCall> calls() {
        if (phases.size() == 1) {
            return phases.get(0).calls;
        }
        List<InboxCall> calls = new ArrayList<>();
        for (Phase phase : phases) {
            calls.addAll(phase.calls);
        }
        return calls;
    }

    private Phase phase(int number) {
        while (phases.size() <= number) {
            phases.add(new Phase());
        }
        return phases.get(number);
    }

    private void add(int index, InboxCommand command, Phase phase) {
        switch (command.getOperationCase()) {
            case SEND -> addSend(index, command.getSend(), phase);
            case TAKE -> addTake(index, command.getTake(), phase);
            case CONFIRM -> addConfirm(index, command.getConfirm(), phase);
            case RELEASE -> addRelease(index, command.getRelease(), phase);
            case RENEW -> addRenew(index, command.getRenew(), phase);
            case READ -> addRead(index, command.getRead(), phase);
            case ACK -> addAck(index, command.getAck(), phase);
            case LISTEN -> addListen(index, command.getListen(), phase);
            case STOP_LISTENING -> addStopListening(index, command.getStopListening(), phase);
            // Of a newer release than this one.
            case OPERATION_NOT_SET -> results.unavailable(index);
        }
    }

    private void addSend(int index, SendMessage send, Phase phase) {
        Session sender = found.sessions().get(send.getSession());
        if (sender == null) {
            refuseSession(index, send.getSession());
            return;
        }
        String recipient = send.getRecipient();
        AppendCall append = phase.appends.get(recipient);
        if (append == null || !append.hasRoom()) {
            if (!Username.isValid(recipient)) {
                results.recipientUnknown(index);
                return;
            }
            append = new AppendCall(new Username(recipient), config, deadlineMillis);
            phase.appends.put(recipient, append);
            phase.calls.add(append);
        }
        append.add(index, tag.of(index), sender, send.getText(), send.getTag());
    }

    private void addTake(int index, TakeMessages take, Phase phase) {
        Session session = found.sessions().get(take.getSession());
        if (session == null) {
            refuseSession(index, take.getSession());
        } else {
            phase.calls.add(new TakeCall(index, session, take.getLease(), deadlineMillis));
        }
    }

    private void addConfirm(int index, ConfirmHandover confirm, Phase phase) {
        Optional<MessageId> last = MessageId.parse(confirm.getLastId());
        if (last.isPresent() && Username.isValid(confirm.getUsername())) {
            phase.calls.add(
                    RemoveCall.confirm(index, new Username(confirm.getUsername()), confirm.getLease(), last.get()));
        } else {
            results.settled(index, false, 0);
        }
    }

    private void addRelease(int index, ReleaseHandover release, Phase phase) {
        if (Username.isValid(release.getUsername())) {
            phase.calls.add(new ReleaseCall(index, new Username(release.getUsername()), release.getLease()));
        } else {
            results.settled(index, false, 0);
        }
    }

    private void addRenew(int index, RenewHandover renew, Phase phase) {
        if (Username.isValid(renew.getUsername())) {
            phase.calls.add(new RenewCall(index, new Username(renew.getUsername()), renew.getLease()));
        } else {
            results.settled(index, false, 0);
        }
    }

    private void addRead(int index, ReadMessages read, Phase phase) {
        Session session = found.sessions().get(read.getSession());
        if (session == null) {
            refuseSession(index, read.getSession());
        } else {
            phase.calls.add(new ReadCall(index, session, after(read.getAfter()), Math.max(1, read.getLimit())));
        }
    }

    private void addAck(int index, AckMessages ack, Phase phase) {
        Session session = found.sessions().get(ack.getSession());
        Optional<MessageId> last = MessageId.parse(ack.getLastId());
        if (session == null) {
            refuseSession(index, ack.getSession());
        } else if (last.isPresent()) {
            phase.calls.add(RemoveCall.acknowledge(index, session.username(), last.get()));
        } else {
            results.acked(index, 0);
        }
    }

    private void addListen(int index, ListenToInbox listen, Phase phase) {
        Session session = found.sessions().get(listen.getSession());
        if (session == null) {
            refuseSession(index, listen.getSession());
        } else {
            phase.calls.add(
                    new ListenCall(index, session, listen.getGateway(), after(listen.getAfter()), found.nowMillis()));
        }
    }

    private void addStopListening(int index, StopListening stop, Phase phase) {
        if (Username.isValid(stop.getUsername())) {
            phase.calls.add(new StopListeningCall(
                    index, new Username(stop.getUsername()), stop.getGateway(), stop.getUntilMs()));
        } else {
            results.listeningStopped(index);
        }
    }

    /** There is no such session, or nobody could tell. */
    private void refuseSession(int index, String hash) {
        if (found.unknown().contains(hash)) {
            results.unavailable(index);
        } else {
            results.sessionUnknown(index);
        }
    }

    /** Gateways send nothing else than an id, or nothing. */
    private static MessageId after(String id) {
        return MessageId.parse(id).orElse(MessageId.NONE);
    }
}
