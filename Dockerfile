# One image for every role; compose chooses the role, the keys and the network.
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY requirements.txt ./
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 tipintake && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin tipintake \
    && install -d -o tipintake -g tipintake -m 0700 /state /exports /backups
# Packets have their own types; these are for scripts that those lack.
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends fonts-noto-core fonts-noto-cjk && rm -rf /var/lib/apt/lists/*
COPY --from=build /venv /venv
COPY config /app/config
COPY tipintake /app/tipintake
COPY reports /app/reports
COPY manage.py /app/
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 TIPINTAKE_HOME=/state \
    MALLOC_ARENA_MAX=2
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(urllib.request.Request('http://127.0.0.1:8000/healthz', headers={'Host': os.environ['HEALTH_HOST'].split(',')[0]}), timeout=3)"]
CMD ["python", "-m", "config.serve", "--host", "0.0.0.0", "--port", "8000", "--processes", "2"]
