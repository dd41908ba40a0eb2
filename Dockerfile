# One image for every role. Build: docker build -t presswatch .
ARG PYTHON_IMAGE=python:3.13-slim-bookworm
FROM ${PYTHON_IMAGE} AS build
WORKDIR /src
RUN python3 -m venv /opt/presswatch
ENV PATH=/opt/presswatch/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# The libraries first: this layer stays as long as the lock does.
COPY requirements.lock ./
RUN pip install --quiet --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY config config
COPY crawler crawler
COPY pipelines pipelines
COPY presswatch presswatch
RUN pip install --quiet --no-deps --no-build-isolation . \
 && python -m compileall -q /opt/presswatch/lib

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title=presswatch \
      org.opencontainers.image.description="Tells its readers of every NVIDIA announcement about AI in the United Kingdom, once."
RUN groupadd --gid 10001 presswatch \
 && useradd --uid 10001 --gid presswatch --home-dir /data --no-create-home --shell /usr/sbin/nologin presswatch \
 && mkdir /data /config /archive && chown presswatch:presswatch /data /archive
COPY --from=build /opt/presswatch /opt/presswatch
ENV PATH=/opt/presswatch/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PRESSWATCH_CONFIG=/config PRESSWATCH_DATA=/data
USER presswatch
# Relative file: recipients and .env are looked for here.
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s --retries=3 CMD ["presswatch", "status", "--quiet"]
ENTRYPOINT ["presswatch"]
CMD ["--log-format", "json", "serve"]
