package io.pesan.contract.protocol;

/**
 * Why a request was refused, with the text that clients show. The texts are those of the service that the first
 * deployed clients were written against: they must never change.
 */
public enum ErrorCode {
    USER_UNKNOWN("User Tidak Tersedia, Silahkan Coba Lagi"),
    PASSWORD_WRONG("Password yang Anda Masukkan Salah, Silahkan Coba Lagi"),
    RECIPIENT_UNKNOWN("User Tidak Ditemukan"),
    /** The session is missing, unknown, logged out or expired. {@code send} has a text of its own. */
    SESSION_UNKNOWN("Error, not authorized"),
    COMMAND_UNKNOWN("**Protocol salah"),
    ARGUMENTS_WRONG("--Protocol salah"),
    LINE_TOO_LONG("Perintah Terlalu Panjang"),
    BAD_ENCODING("Teks Bukan UTF-8 yang Sah"),
    AUTH_THROTTLED("Terlalu Banyak Percobaan Login, Silahkan Coba Lagi Nanti"),
    RATE_LIMITED("Terlalu Banyak Permintaan, Silahkan Coba Lagi Nanti"),
    INBOX_FULL("Inbox Penerima Penuh"),
    TAG_REUSED("Tag Sudah Dipakai"),
    USER_EXISTS("User Sudah Ada"),
    /** A part of the service can't be reached. For {@code send}: the message may or may not have been stored. */
    UNAVAILABLE("Layanan Sedang Tidak Tersedia, Silahkan Coba Lagi");

    private static final String SEND_WITHOUT_SESSION = "Session Tidak Ditemukan";

    private final String text;

    ErrorCode(String text) {
        this.text = text;
    }

    /** The text for every command but {@code send}. */
    public String text() {
        return text;
    }

    /** The text for {@code send}. */
    public String textForSend() {
        return this == SESSION_UNKNOWN ? SEND_WITHOUT_SESSION : text;
    }
}
