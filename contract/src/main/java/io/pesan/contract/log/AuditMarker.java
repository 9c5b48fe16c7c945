package io.pesan.contract.log;

import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/** Marks lines of the log that are kept whatever their number. */
public final class AuditMarker {

    /** Something was done that is to be found in the log afterwards: somebody came in, or an account is another. */
    public static final Marker DONE = MarkerFactory.getMarker("done");

    private AuditMarker() {}
}
