# shellcheck shell=sh
# How Pesan's processes are started: read by the pesan scripts, of the source tree and of the archive alike.
#
#   launch_plan COMMAND            sets module, main and flags for it; module is whose class path it needs
#   launch CLASS_PATH ARGUMENT…    becomes the process; class_archive may name a file with the classes of this class path

fail() {
    echo "pesan: $*" >&2
    exit 1
}

find_java() {
    if [ -n "${JAVA_HOME:-}" ]; then
        java=$JAVA_HOME/bin/java
        [ -x "$java" ] || fail "JAVA_HOME is $JAVA_HOME, but there is no bin/java in it"
    else
        java=$(command -v java) || fail "needs Java 17 or newer: there is no java on the PATH, and JAVA_HOME is not set"
    fi
}

# What runs for long is compiled for speed, and collected for throughput: next to nothing survives a request, so that
# young collections are short, and the parallel collector needs no barriers. Left to itself it would take gigabytes for
# new objects, of which none survives: a quarter of one is as fast. What a person waits for starts quickly.
# JDK_JAVA_OPTIONS in the environment adds to these, a larger heap for instance.
launch_plan() {
    # Newer JDKs warn of native libraries that nobody has allowed.
    native=--enable-native-access=ALL-UNNAMED
    fast="-XX:+UseParallelGC -XX:MaxNewSize=256m -XX:+ExitOnOutOfMemoryError $native"
    quick="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 $native"
    # What Hazelcast asks for, to measure the machine and to be quicker with sockets.
    hazelcast="--add-exports java.base/jdk.internal.ref=ALL-UNNAMED --add-opens java.base/java.lang=ALL-UNNAMED"
    hazelcast="$hazelcast --add-opens java.base/sun.nio.ch=ALL-UNNAMED"
    hazelcast="$hazelcast --add-opens java.management/sun.management=ALL-UNNAMED"
    hazelcast="$hazelcast --add-opens jdk.management/com.sun.management.internal=ALL-UNNAMED"
    class_archive=
    # Of the processes that another one starts.
    node_flags=
    case $1 in
        up) flags="$fast $hazelcast" ;;
        bench) flags=$fast ;;
        cluster) flags=$quick node_flags="$fast $hazelcast" ;;
        *) flags=$quick ;;
    esac
    # Nobody reads what libraries log in a client or load generator: it is to have no logger, and they are to be silent about that.
    quiet="-Dslf4j.internal.verbosity=ERROR -Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider"
    # A signal that asks a node to end is meant. But a shell without job control starts background jobs deaf to SIGINT,
    # and a JVM leaves it at that.
    hearing=
    case $1 in
        chat) module=client main=io.pesan.client.chat.ChatMain flags="$flags $quiet" ;;
        bench) module=benchmarks main=io.pesan.bench.BenchMain flags="$flags $quiet" ;;
        up | cluster)
            module=node main=io.pesan.node.PesanMain
            ! env --default-signal=INT true 2>/dev/null || hearing="env --default-signal=INT"
            ;;
        *) module=node main=io.pesan.node.PesanMain ;;
    esac
}

launch() {
    class_path=$1
    shift
    # The two have command lines of their own.
    case $module in
        client | benchmarks) shift ;;
    esac
    # Asked here: inside of $(…) the output would be a pipe.
    terminal_in=false terminal_out=false
    [ -t 0 ] && terminal_in=true
    [ -t 1 ] && terminal_out=true
    # shellcheck disable=SC2086 # both are several words
    exec $hearing "$java" $flags ${class_archive:+"-XX:SharedArchiveFile=$class_archive" -Xlog:cds=off -Xlog:cds+dynamic=off} \
        "-Dpesan.terminal.in=$terminal_in" "-Dpesan.terminal.out=$terminal_out" "-Dpesan.node.flags=$node_flags" \
        "-Dpesan.node.class-archive=$class_archive" "-Dpesan.script=$0" \
        -cp "$class_path" "$main" "$@"
}
