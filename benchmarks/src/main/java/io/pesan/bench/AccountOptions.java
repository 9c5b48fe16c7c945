package io.pesan.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose accounts are used. */
final class AccountOptions {

    /** Everyone may know it: these accounts are for measuring, on services made for measuring. */
    private static final String BENCH_PASSWORD = "bench-password";

    private static final List<Account> DEMONSTRATION = List.of(
            new Account("messi", "surabaya"), new Account("henderson", "surabaya"), new Account("lineker", "surabaya"));

    @Option(
            names = "--user",
            paramLabel = "NAME:PASSWORD",
            description = "log in as this account, repeatable (default: the three demonstration accounts);"
                    + " others on this machine can see arguments: prefer --accounts")
    private List<String> users = new ArrayList<>();

    @Option(
            names = "--accounts",
            paramLabel = "FILE",
            description = "log in as the accounts of this file: lines of name, space, password")
    private @Nullable Path file;

    @Option(names = "--users", paramLabel = "N", description = "log in as the accounts bench-0 to bench-N-1")
    private int benchUsers;

    @Option(
            names = "--prepare",
            description = "first create the accounts bench-N where they don't exist, with a password that is no secret")
    private boolean prepare;

    @Option(
            names = "--management-url",
            paramLabel = "URL",
            description = "the endpoint that creates accounts (default: ${DEFAULT-VALUE})")
    private URI management = URI.create("http://127.0.0.1:9889");

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "holds that endpoint's bearer token (default: ${DEFAULT-VALUE})")
    private Path tokenFile = Path.of("data", "admin-token");

    /** Those that log in. */
    List<Account> accounts() {
        if (benchUsers < 0) {
            throw new BenchException("--users must not be negative");
        }
        List<Account> accounts = new ArrayList<>();
        users.forEach(user -> accounts.add(account(user, ':', "--user")));
        if (file != null) {
            lines(file).forEach(line -> accounts.add(account(line, ' ', file.toString())));
        }
        accounts.addAll(bench(benchUsers));
        return accounts.isEmpty() ? DEMONSTRATION : accounts;
    }

    /** The accounts bench-0 to bench-(count-1). */
    static List<Account> bench(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Account("bench-" + i, BENCH_PASSWORD))
                .toList();
    }

    /** Creates the accounts bench-N, if that was asked for. */
    void prepare(int recipients) {
        if (prepare) {
            try {
                String token = Files.readString(tokenFile).strip();
                new AccountPreparation(management, token).create(bench(Math.max(recipients, benchUsers)));
            } catch (IOException failure) {
                throw new BenchException("can't read " + tokenFile + " (--token-file)", failure);
            }
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (IOException failure) {
            throw new BenchException("can't read " + file + " (--accounts)", failure);
        }
    }

    private static Account account(String text, char separator, String source) {
        int at = text.indexOf(separator);
        if (at < 1 || at == text.length() - 1) {
            throw new BenchException(source + ": an account is a name, '" + separator + "' and a password");
        }
        return new Account(text.substring(0, at), text.substring(at + 1).strip());
    }
}
