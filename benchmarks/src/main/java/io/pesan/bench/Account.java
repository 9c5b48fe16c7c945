package io.pesan.bench;

/** Who logs in. */
record Account(String username, String password) {

    /** Shows no password. */
    @Override
    public String toString() {
        return username;
    }
}
