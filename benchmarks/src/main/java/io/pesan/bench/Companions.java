package io.pesan.bench;

/** What is connected beside the load: it is not counted among the load's connections. */
interface Companions {

    /** Makes its connections, after those of the load. */
    void connect(LoadLoop loop);

    /** Calls with which it has emptied inboxes so far. */
    long calls();

    /** What it still waits for when the load has been answered. */
    default long missing() {
        return 0;
    }
}
