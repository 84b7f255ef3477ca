# The whole shop in one image; AGORA_ROLE says which part a container is.

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
# The cache mounts keep a second build short.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked -p agora && \
    cp target/release/agora /usr/local/bin/agora

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --no-create-home agora && \
    install --directory --owner=agora --group=agora /data
COPY --from=build /usr/local/bin/agora /usr/local/bin/agora
USER agora
VOLUME /data
# Inside a container loopback reaches nobody: what is public is for `docker run -p` to say.
ENV AGORA_HOST=0.0.0.0 \
    AGORA_DATA_DIR=/data
EXPOSE 4000 4001 4002 4003 4004 8000 8001 8002 8003
STOPSIGNAL SIGTERM
ENTRYPOINT ["agora"]
CMD ["serve"]
