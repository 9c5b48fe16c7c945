package io.pesan.node;

import io.pesan.contract.bus.Routes;
import io.pesan.contract.bus.proto.AddAccount;
import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.CredentialRequest;
import io.pesan.contract.bus.proto.Refusal;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.util.List;
import java.util.stream.Collectors;

/** Accounts to try the service with; their password is no secret. */
final class DemonstrationAccounts {

    static final String PASSWORD = "surabaya";

    private record Person(String username, String name) {}

    private static final List<Person> PEOPLE = List.of(
            new Person("messi", "Lionel Messi"),
            new Person("henderson", "Jordan Henderson"),
            new Person("lineker", "Gary Lineker"));

    private DemonstrationAccounts() {}

    static String usernames() {
        return PEOPLE.stream().map(Person::username).collect(Collectors.joining(", "));
    }

    /** Adds those that are missing; one that exists keeps its password and name. */
    static Future<Void> add(EventBus bus) {
        Future<Void> all = Future.succeededFuture();
        for (Person person : PEOPLE) {
            all = all.compose(next -> add(bus, person));
        }
        return all;
    }

    private static Future<Void> add(EventBus bus, Person person) {
        AddAccount account = AddAccount.newBuilder()
                .setUsername(person.username())
                .setPassword(PASSWORD)
                .setName(person.name())
                .build();
        CredentialRequest request = CredentialRequest.newBuilder()
                .setBudgetMs(Math.toIntExact(Routes.CREDENTIALS.timeout().toMillis()))
                .setAddAccount(account)
                .build();
        return Routes.CREDENTIALS
                .request(bus, request, Routes.CREDENTIALS.timeout())
                .compose(reply -> existsNow(reply)
                        ? Future.succeededFuture()
                        : Future.failedFuture("accounts.demo: " + person.username() + " can't be added: "
                                + reply.getRefused().getReason()));
    }

    private static boolean existsNow(CredentialReply reply) {
        return !reply.hasRefused() || reply.getRefused().getReason() == Refusal.USER_EXISTS;
    }
}
