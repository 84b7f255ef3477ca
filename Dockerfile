# The whole shop in one image; AGORA_ROLE selects the part that a container runs. See docs/containers.md.
# No step needs BuildKit.

FROM rust:1.95-slim-bookworm AS source
WORKDIR /src
COPY . .

# Keeps the manifests and replaces every target by an empty program. The result, and with it the cache of
# the stage below, changes only when a manifest, the lock file or the list of targets changes.
FROM source AS manifests
RUN cargo metadata --no-deps --offline --format-version 1 >/metadata.json && \
    grep -o '"src_path":"[^"]*"' /metadata.json | cut -d '"' -f 4 >/targets && \
    find . -type f ! -name Cargo.toml ! -name Cargo.lock -delete && \
    while read -r target; do \
        mkdir -p "$(dirname "$target")" && echo 'fn main() {}' >"$target" || exit 1; \
    done </targets && \
    find . -type d -empty -delete

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
# The dependencies, in a layer of their own.
COPY --from=manifests /src .
RUN cargo build --release --locked -p agora
# The shop itself. Cargo builds again what is newer than the last build: the sources are made so.
COPY . .
RUN find . -path ./target -prune -o -name '*.rs' -exec touch {} + && \
    cargo build --release --locked -p agora

FROM debian:bookworm-slim
# For databases and peers that are reached over TLS.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /src/target/release/agora /usr/local/bin/agora
# No volume is declared: without one, a container's data goes when the container goes.
RUN install --directory --owner=10001 --group=10001 /data
USER 10001:10001
# Inside a container loopback reaches nothing; `docker run --publish` decides what is public.
ENV AGORA_HOST=0.0.0.0 \
    AGORA_DATA_DIR=/data
EXPOSE 4000 4001 4002 4003 4004 8000 8001 8002 8003
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["agora", "ready"]
ENTRYPOINT ["agora"]
CMD ["serve"]
