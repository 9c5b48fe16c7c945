package io.pesan.node.config;

/**
 * A value as somebody wrote it down.
 *
 * @param name the key's, or a secret's twin that names a file
 * @param text what was written
 * @param origin where, for messages: {@code pesan.yaml:12}, {@code PESAN_NODE_ID} or {@code --set}
 * @param source the kind of place, of which a later one outweighs an earlier one
 */
record Setting(String name, String text, String origin, Source source) {

    /** In rising order of strength. */
    enum Source {
        DEFAULT,
        FILE,
        ENVIRONMENT,
        COMMAND_LINE
    }
}
