package io.pesan.session;

import io.pesan.contract.protocol.Username;

/**
 * An account as it was read.
 *
 * @param name full name
 * @param password PHC string
 * @param generation changes with the password, and with the account if it is removed and made again
 */
record Account(Username username, String name, String password, String generation) {

    /** Shows no password hash. */
    @Override
    public String toString() {
        return "Account[" + username + "]";
    }
}
