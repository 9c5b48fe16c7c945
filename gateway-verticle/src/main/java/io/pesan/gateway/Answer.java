package io.pesan.gateway;

import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.bus.proto.Refused;
import io.pesan.contract.protocol.ErrorCode;
import io.pesan.contract.protocol.ReplyBuffer;
import org.jspecify.annotations.Nullable;

/** The reply to one request, to be written once: {@link #ok} and {@link #end}, or {@link #refuse}. */
final class Answer {

    private final Request request;
    private final ReplyBuffer out;
    private final Effects effects;
    private final long nowNanos;

    /** @param nowNanos when it is made, by {@link System#nanoTime} */
    Answer(Request request, ReplyBuffer out, Effects effects, long nowNanos) {
        this.nowNanos = nowNanos;
        this.request = request;
        this.out = out;
        this.effects = effects;
    }

    /** Begins a reply that says OK. */
    ReplyBuffer ok() {
        return out.ok();
    }

    /** Ends the reply begun by {@link #ok}. */
    void end() {
        out.close(request.tag());
        answered(null);
    }

    void refuse(ErrorCode code) {
        out.error(code, request.call().isSend(), 0, request.tag());
        answered(code);
    }

    void refuse(Refused refused) {
        ErrorCode code = errorCode(refused.getReason());
        out.error(code, request.call().isSend(), refused.getRetryAfterMs(), request.tag());
        answered(code);
    }

    /** Tells the operator that what was asked for was done. */
    void audit(Audit.Event event, String username) {
        effects.audit(event, username, null, request.tag());
    }

    /** Refuses, and tells the operator. */
    void refuse(Refused refused, Audit.Event event, String username) {
        refuse(refused);
        effects.audit(event, username, errorCode(refused.getReason()), request.tag());
    }

    /** Refuses for what the line says, and tells the operator: not who it is, as nobody knows what the words mean. */
    void refuse(ErrorCode code, Audit.Event event) {
        refuse(code);
        effects.audit(event, "", code, request.tag());
    }

    /** What the reply sets off; to be told once it is whole. */
    Effects effects() {
        return effects;
    }

    private void answered(@Nullable ErrorCode error) {
        request.metrics().answered(error, nowNanos - request.readNanos());
    }

    private static ErrorCode errorCode(Refusal reason) {
        return switch (reason) {
            case USER_UNKNOWN -> ErrorCode.USER_UNKNOWN;
            case PASSWORD_WRONG -> ErrorCode.PASSWORD_WRONG;
            case RECIPIENT_UNKNOWN -> ErrorCode.RECIPIENT_UNKNOWN;
            case SESSION_UNKNOWN -> ErrorCode.SESSION_UNKNOWN;
            case AUTH_THROTTLED -> ErrorCode.AUTH_THROTTLED;
            case RATE_LIMITED -> ErrorCode.RATE_LIMITED;
            case INBOX_FULL -> ErrorCode.INBOX_FULL;
            case TAG_REUSED -> ErrorCode.TAG_REUSED;
            case USER_EXISTS -> ErrorCode.USER_EXISTS;
            case ARGUMENTS_WRONG -> ErrorCode.ARGUMENTS_WRONG;
            // A newer release's reason is no worse than not knowing.
            case UNAVAILABLE, REFUSAL_UNSPECIFIED, UNRECOGNIZED -> ErrorCode.UNAVAILABLE;
        };
    }
}
