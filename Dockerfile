# syntax=docker/dockerfile:1
# Two images: `collector` (the default) and `grafana`. Debian, because the embedded store needs glibc.

FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc tsconfig.base.json tsconfig.json ./
COPY deploy/build-image-root.sh deploy/
COPY collector collector
COPY embedded-clickhouse embedded-clickhouse
COPY sql sql
RUN --mount=type=cache,target=/root/.npm deploy/build-image-root.sh /src /opt/spanledger

FROM node:24-bookworm-slim AS plugin
WORKDIR /src/grafana-plugin
COPY grafana-plugin/package.json grafana-plugin/package-lock.json grafana-plugin/.npmrc ./
RUN npm ci --ignore-scripts
COPY grafana-plugin .
RUN npm run build

FROM grafana/grafana:12.3.0 AS grafana
ENV GF_PATHS_PLUGINS=/usr/share/grafana-plugins \
    GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS=spanledger-genai-app
USER root
RUN mkdir -p /usr/share/grafana-plugins \
  && grafana cli --pluginsDir /usr/share/grafana-plugins plugins install grafana-clickhouse-datasource
COPY --from=plugin /src/grafana-plugin/dist /usr/share/grafana-plugins/spanledger-genai-app
COPY provisioning /etc/grafana/provisioning
RUN mkdir -p /etc/grafana/provisioning/alerting /etc/grafana/provisioning/access-control
USER grafana

FROM node:24-bookworm-slim AS collector
ENV NODE_ENV=production \
    SPANLEDGER_DATA_DIR=/var/lib/spanledger
WORKDIR /opt/spanledger
COPY --from=build /opt/spanledger ./
RUN mkdir -p /var/lib/spanledger && chown node:node /var/lib/spanledger
USER node
VOLUME /var/lib/spanledger
EXPOSE 4317 4318
# The port of SPANLEDGER_HTTP_LISTEN.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4318/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# The ledger is drained on SIGTERM.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "collector/bin/spanledger.mjs"]
CMD ["serve"]
