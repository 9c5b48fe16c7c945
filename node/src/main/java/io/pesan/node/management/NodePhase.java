package io.pesan.node.management;

/** Where a node is in its life. */
public enum NodePhase {
    STARTING,
    RUNNING,
    /** It takes no new clients and lets go of those it has. */
    DRAINING
}
