package io.pesan.system;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What ARCHITECTURE.md forbids, held against every compiled class and every source file. */
@AnalyzeClasses(packages = "io.pesan", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseRulesTest {

    private static final String CONTRACT = "io.pesan.contract..";
    private static final String GENERATED = "io.pesan.contract.bus.proto..";
    private static final String REDIS = "io.pesan.redis..";
    private static final String GATEWAY = "io.pesan.gateway..";
    private static final String SESSION = "io.pesan.session..";
    private static final String INBOX = "io.pesan.inbox..";
    private static final String NODE = "io.pesan.node..";
    private static final String CLIENT = "io.pesan.client..";
    private static final String BENCH = "io.pesan.bench..";
    private static final String[] ON_EVENT_LOOPS = {CONTRACT, REDIS, GATEWAY, SESSION, INBOX};

    private static final Map<Class<?>, Set<String>> BLOCKING = Map.of(
            Object.class, Set.of("wait"),
            Thread.class, Set.of("sleep", "join"),
            TimeUnit.class, Set.of("sleep"),
            LockSupport.class, Set.of("park", "parkNanos", "parkUntil"),
            Future.class, Set.of("await"),
            java.util.concurrent.Future.class, Set.of("get", "join"),
            CountDownLatch.class, Set.of("await"),
            BlockingQueue.class, Set.of("put", "take"));

    @ArchTest
    static final ArchRule theContractKnowsNobody = noClasses()
            .that()
            .resideInAPackage(CONTRACT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(REDIS, GATEWAY, SESSION, INBOX, NODE, CLIENT, BENCH);

    @ArchTest
    static final ArchRule theStoreKnowsTheContractAlone = noClasses()
            .that()
            .resideInAPackage(REDIS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(GATEWAY, SESSION, INBOX, NODE, CLIENT, BENCH);

    @ArchTest
    static final ArchRule theGatewayKnowsNoServiceAndNoRedis = noClasses()
            .that()
            .resideInAPackage(GATEWAY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(REDIS, SESSION, INBOX, NODE, CLIENT, BENCH, "io.vertx.redis..");

    @ArchTest
    static final ArchRule theSessionServiceKnowsNoOther = noClasses()
            .that()
            .resideInAPackage(SESSION)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(GATEWAY, INBOX, NODE, CLIENT, BENCH);

    @ArchTest
    static final ArchRule theInboxServiceKnowsNoOther = noClasses()
            .that()
            .resideInAPackage(INBOX)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(GATEWAY, SESSION, NODE, CLIENT, BENCH);

    @ArchTest
    static final ArchRule clientsKnowTheContractAlone = noClasses()
            .that()
            .resideInAnyPackage(CLIENT, BENCH)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(REDIS, GATEWAY, SESSION, INBOX, NODE);

    @ArchTest
    static final ArchRule nothingBlocksAnEventLoop = noClasses()
            .that()
            .resideInAnyPackage(ON_EVENT_LOOPS)
            .and()
            .resideOutsideOfPackage("..testing..")
            .should()
            .callMethodWhere(blocks())
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Lock.class);

    /** Whoever shares a field between threads marks it in one of these ways; on event loops nobody has a reason to. */
    @ArchTest
    static final ArchRule nothingIsSharedBetweenEventLoops = noFields()
            .that()
            .areDeclaredInClassesThat()
            .resideInAnyPackage(ON_EVENT_LOOPS)
            .and()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackages(GENERATED, "..testing..")
            .should()
            .haveModifier(JavaModifier.VOLATILE)
            .orShould()
            .haveRawType(resideInAPackage("java.util.concurrent.."));

    @ArchTest
    static final ArchRule staticsAreConstants = fields().that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat(are(handWritten()))
            .should()
            .beFinal();

    @ArchTest
    static final ArchRule jsonIsForTheEdgesOfTheService = noClasses()
            .that()
            .resideInAnyPackage(ON_EVENT_LOOPS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx.core.json..");

    @ArchTest
    static final ArchRule verticlesShowOnlyWhatTheCompositionRootNeeds = classes()
            .that()
            .resideInAnyPackage(GATEWAY, SESSION, INBOX)
            .and()
            .areTopLevelClasses()
            .and()
            .areNotAssignableTo(VerticleBase.class)
            .and()
            .areNotRecords()
            .and()
            .haveSimpleNameNotEndingWith("Metrics")
            .should()
            .notHaveModifier(JavaModifier.PUBLIC);

    @ArchTest
    static final ArchRule verticlesReturnTheirFutures = noClasses().should().beAssignableTo(AbstractVerticle.class);

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = noClasses()
            .that(are(handWritten()))
            .should()
            .haveNameMatching(".*(Impl|Manager|Helper|Utils?)$")
            .orShould()
            .haveNameMatching(".*\\.(Base|Abstract)[A-Z][A-Za-z]*$");

    /** Waits on the calling thread, for a time or for something to happen. */
    private static DescribedPredicate<JavaMethodCall> blocks() {
        return DescribedPredicate.describe(
                "wait on the calling thread",
                call -> BLOCKING.entrySet().stream()
                        .anyMatch(method -> call.getTargetOwner().isAssignableTo(method.getKey())
                                && method.getValue().contains(call.getName())));
    }

    private static DescribedPredicate<JavaClass> handWritten() {
        return DescribedPredicate.not(resideInAPackage(GENERATED)).as("written by hand");
    }

    @Test
    void busAddressesAreWrittenInOnePlaceForEachDirection() {
        assertThat(sourcesMatching("\"pesan\\.(inbox|session|credentials|accounts|gateway|presence)"))
                .containsExactlyInAnyOrder("GatewayNotices.java", "PresenceBoard.java", "Routes.java");
    }

    @Test
    void redisKeysAreWrittenInOnePlace() {
        assertThat(sourcesMatching("[\"']pesan:\\{")).containsExactly("RedisKeys.java");
    }

    /** In JSON a key of its own would be hidden behind the one that every line has. */
    @Test
    void noLineOfTheLogHasAKeyThatEveryLineHas() {
        assertThat(sourcesMatching("addKeyValue\\(\\s*\"(timestamp|level|logger|message|nodeId|exception)\""))
                .isEmpty();
    }

    private static List<String> sourcesMatching(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return sources()
                .filter(source -> pattern.matcher(read(source)).find())
                .map(source -> source.getFileName().toString())
                .sorted()
                .toList();
    }

    private static Stream<Path> sources() {
        Path root = Path.of("..");
        return Stream.of("contract", "redis-store", "gateway-verticle", "session-verticle", "inbox-verticle", "node")
                .map(module -> root.resolve(module).resolve("src/main"))
                .flatMap(HouseRulesTest::javaAndLuaFiles);
    }

    private static Stream<Path> javaAndLuaFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(file ->
                            file.toString().endsWith(".java") || file.toString().endsWith(".lua"))
                    .toList()
                    .stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
