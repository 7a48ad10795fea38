FROM denoland/deno:2.9.6
WORKDIR /app

COPY deno.json deno.lock ./
COPY src ./src
COPY views ./views
COPY locales ./locales
COPY rules ./rules
RUN deno install --frozen --entrypoint src/main.ts src/permissions.ts \
    && mkdir -p /data && chown deno:deno /data

ENV HOST=0.0.0.0 \
    PORT=8000 \
    MOCA_DATA_DIR=/data \
    DENO_NO_UPDATE_CHECK=1
USER deno
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
    CMD ["deno", "eval", "--no-config", "const r = await fetch(`http://127.0.0.1:${Deno.env.get('PORT') ?? 8000}/readyz`); Deno.exit(r.ok ? 0 : 1)"]
CMD ["task", "serve"]
