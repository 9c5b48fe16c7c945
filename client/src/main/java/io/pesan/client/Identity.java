package io.pesan.client;

import io.pesan.contract.protocol.Username;

/** Whose session it is. */
public record Identity(Username username, String fullName) {}
