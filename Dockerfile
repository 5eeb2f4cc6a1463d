# Seamount on Debian 12: built in one image, installed from its package in another.
#   docker build -t seamount .
#   docker run --rm -v "$PWD:/work" --user "$(id -u):$(id -g)" seamount run network.yaml --steps 100
FROM debian:12 AS build
COPY . /src
WORKDIR /src
RUN tools/install_dependencies.sh \
    && cmake --preset release -DSEAMOUNT_TESTS=OFF -B /build \
    && cmake --build /build --parallel \
    && cd /build && cpack -D CPACK_COMPONENTS_ALL=runtime

FROM debian:12-slim
COPY --from=build /build/seamount_*.deb /tmp/
RUN apt-get update \
    && apt-get install -y --no-install-recommends /tmp/seamount_*.deb \
    && rm -rf /var/lib/apt/lists/* /tmp/seamount_*.deb
WORKDIR /work
ENTRYPOINT ["seamount"]
CMD ["--help"]
