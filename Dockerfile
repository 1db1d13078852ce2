# The image: the locked packages by their hashes and this checkout, without tools to build or install anything.
# All it does is in deploy/build.sh, which works without Docker as well. docs/deploying.md tells how to run it.
#
# For builds that are the same tomorrow, name the base by its digest: --build-arg BASE=python:3.13-slim@sha256:…
ARG BASE=python:3.13-slim-bookworm

FROM ${BASE} AS build
COPY . /source
RUN PYTHON=/usr/local/bin/python3 /source/deploy/build.sh /opt/quiet

FROM ${BASE}
RUN groupadd --gid 10001 quiet \
    && useradd --uid 10001 --gid quiet --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin quiet \
    && install -d -o quiet -g quiet -m 0700 /data
COPY --from=build /opt/quiet /opt/quiet
ENV PATH=/opt/quiet/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    QUIET_DATABASE=sqlite:///data/quiet.sqlite3 \
    QUIET_HOST=0.0.0.0 \
    QUIET_LOG_FORMAT=json
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["quiet", "ping"]
ENTRYPOINT ["quiet"]
CMD ["serve"]
