# syntax=docker/dockerfile:1
# Everything that builds stays in the first stage; what runs has Node, the server's sources and its dependencies.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npx vite build editor
RUN npm prune --omit=dev --omit=optional

FROM node:24-slim
ENV NODE_ENV=production HOOKLOOM_HOST=0.0.0.0 HOOKLOOM_DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/editor/dist editor/dist
COPY package.json ./
COPY nodes nodes
COPY server server
RUN install -d -o node -g node -m 700 /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/main.ts"]
