# A node: podman build -t pesan . (or docker build). Builds from source; --build-arg ARCHIVE=distribution/target/pesan-….tar.gz takes
# what ./mvnw package has built already, and needs no network then.
#
#   docker run -v pesan-data:/var/lib/pesan -p 127.0.0.1:8889:8889 pesan
#
# Keeps nothing but what is in /var/lib/pesan, and writes elsewhere only to /tmp: run it with --read-only --tmpfs /tmp:exec (a native
# library is unpacked there). With an external Redis, and an administrator's token that is mounted, nothing is written to /var/lib/pesan either.
ARG JDK=docker.io/library/eclipse-temurin:17-jdk
ARG JRE=docker.io/library/eclipse-temurin:17-jre

FROM ${JDK} AS build
ARG ARCHIVE=
WORKDIR /src
COPY . .
# unzip: the wrapper holds Maven's .zip against its sum, and takes another file where it can't unpack that.
RUN if [ -z "$ARCHIVE" ]; then \
        { command -v unzip || { apt-get -qq update && apt-get -qq install -y --no-install-recommends unzip; }; } >/dev/null \
        && ./mvnw -q -B -DskipTests -Dspotless.check.skip -pl distribution -am package; \
    fi \
    && mkdir /opt/pesan \
    && tar -xzf ${ARCHIVE:-distribution/target/pesan-*.tar.gz} -C /opt/pesan --strip-components=1

# Starts a node once, to keep the classes that it loads in the form that the JVM works with. By the runtime's own JVM: no other takes it.
FROM ${JRE} AS trained
COPY --from=build /opt/pesan /opt/pesan
RUN /opt/pesan/bin/make-class-archive

FROM ${JRE}
# A number, so that Kubernetes can see that it isn't root's.
RUN mkdir -p /var/lib/pesan && chown 10001:10001 /var/lib/pesan && chmod 0700 /var/lib/pesan
COPY --from=trained /opt/pesan /opt/pesan
# Of the memory that the container may have; the rest is for sockets' buffers, threads and code. Redis, where the node starts one
# itself, has to do with what is left: give such a container a larger share.
ENV JDK_JAVA_OPTIONS="-XX:MaxRAMPercentage=60 -XX:-UsePerfData" \
    PESAN_GATEWAY_HOST=0.0.0.0 \
    PESAN_MANAGEMENT_HOST=0.0.0.0 \
    PESAN_REDIS_DATA_DIR=/var/lib/pesan
USER 10001:10001
WORKDIR /var/lib/pesan
VOLUME /var/lib/pesan
EXPOSE 8889 9889
# Only whether the process works: one that has lost Redis, or drains, must not be restarted.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["/opt/pesan/bin/is-alive"]
STOPSIGNAL SIGTERM
# The script becomes the node, so that it is process 1 and signals reach it.
ENTRYPOINT ["/opt/pesan/bin/pesan"]
CMD ["up"]
