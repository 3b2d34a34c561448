# `make help` lists what there is. Works from any folder: make -C /path/to/tipintake run
ROOT := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
ifneq ($(words $(ROOT)),1)
$(error make cannot work below a folder with a blank in its name. Move this one, for example to ~/tipintake)
endif
PYTHON ?= python3
VENV := $(ROOT)/.venv
PY := $(VENV)/bin/python
RUN_STAMP = $(VENV)/.run-$(shell cksum < $(ROOT)/requirements.txt | tr ' ' '-')
DEV_STAMP = $(VENV)/.dev-$(shell cat $(ROOT)/requirements.txt $(ROOT)/requirements-dev.txt | cksum | tr ' ' '-')
BENCH_VENV := $(ROOT)/.venv-bench
BENCH_STAMP = $(BENCH_VENV)/.bench-$(shell cat $(ROOT)/requirements-bench.txt $(ROOT)/requirements-bench-es.txt | cksum | tr ' ' '-')
# One more than there are processors: many a test waits for processes of its own. Two more took
# longer.
PARALLEL := -n $(shell n=$$(getconf _NPROCESSORS_ONLN); echo $$((n < 4 ? n + 1 : 4))) --dist worksteal
PYTEST := cd $(ROOT) && $(PY) -m pytest
SHELL := /bin/bash
# Compiled modules are kept, whatever the shell says: a suite starts hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run demo test test-postgres browser lint format types layers migrations docs schema compose fuzz check bench bench-scrub soak lock clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(ROOT)/Makefile | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Set PYTHON=python3.12 or so.")'
	@$(PYTHON) -m venv $(VENV) || { echo "python3-venv is missing: install it (Debian: apt install python3-venv) and run make again."; rm -rf $(VENV); exit 1; }

$(RUN_STAMP): | $(VENV)/bin/python
	@test -e $(DEV_STAMP) || $(VENV)/bin/pip install -q --disable-pip-version-check --require-hashes -r $(ROOT)/requirements.txt
	@touch $@

$(DEV_STAMP): | $(VENV)/bin/python
	@$(VENV)/bin/pip install -q --disable-pip-version-check --require-hashes -r $(ROOT)/requirements-dev.txt
	@touch $@

setup: $(RUN_STAMP) ## virtual environment with what the service runs on

setup-dev: $(DEV_STAMP) ## the same with what tests and checks need

run: setup ## everything on this machine, until Ctrl-C
	@cd $(ROOT) && exec $(PY) manage.py up

demo: setup ## a desk with 300 made-up tips, in a throw-away home (DEMO_TIPS=2000)
	@cd $(ROOT) && export TIPINTAKE_HOME=$$(mktemp -d) && $(PY) manage.py demo --tips $(or $(DEMO_TIPS),300) && exec $(PY) manage.py up --no-samples

browser: ## Chromium for the browser tests, where it may be installed
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    (apt-get install -y -qq chromium >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq chromium >/dev/null; }) \
	      || echo "BROWSER TESTS WILL BE SKIPPED: chromium could not be installed."; \
	  else echo "BROWSER TESTS WILL BE SKIPPED: install chromium (as root: apt install chromium)."; fi; }

test: setup-dev browser ## the whole suite on SQLite
	@$(PYTEST) $(PARALLEL) $(ARGS)

test-postgres: setup-dev browser ## the whole suite on PostgreSQL (TEST_DATABASE_URL, else one started for the run)
	@cd $(ROOT) && $(PY) -m tests.postgres $(PARALLEL) $(ARGS)

lint: setup-dev ## ruff and djlint
	@cd $(ROOT) && $(PY) -m ruff check . && $(PY) -m ruff format --check . && $(PY) -m djlint --check --lint --quiet tipintake/templates reports/templates

format: setup-dev ## put the code in form
	@cd $(ROOT) && $(PY) -m ruff check --fix . ; $(PY) -m ruff format . ; $(PY) -m djlint --reformat --quiet tipintake/templates reports/templates

types: setup-dev ## mypy --strict
	@cd $(ROOT) && $(PY) -m mypy

layers: setup-dev ## who may import whom
	@cd $(ROOT) && $(VENV)/bin/lint-imports --no-logo

migrations: setup-dev ## models and migrations agree
	@cd $(ROOT) && TIPINTAKE_HOME=$$(mktemp -d) $(PY) manage.py makemigrations --check --dry-run

docs: setup-dev ## every setting, command and event is documented; links and examples hold
	@$(PYTEST) $(PARALLEL) tests/docs

schema: setup-dev ## write docs/reference/openapi.yaml and openapi-partner.yaml anew
	@cd $(ROOT) && TIPINTAKE_HOME=$$(mktemp -d) TIPINTAKE_ROLE=public $(PY) manage.py spectacular --fail-on-warn --validate --file docs/reference/openapi.yaml
	@cd $(ROOT) && TIPINTAKE_HOME=$$(mktemp -d) TIPINTAKE_ROLE=desk $(PY) manage.py shell -v 0 -c "from pathlib import Path; from tipintake.api.schema import partner_schema_yaml as made; Path('docs/reference/openapi-partner.yaml').write_bytes(made())"

compose: setup-dev ## the compose files fit their published schema
	@cd $(ROOT) && $(PY) -m check_jsonschema --quiet --builtin-schema vendor.compose-spec docker-compose.yml deploy/own-proxy.yml

fuzz: setup-dev ## made-up input for every parser and both hosts (MINUTES=10)
	@cd $(ROOT) && nice $(PY) -m bench.fuzz $(or $(MINUTES),10)

check: lint types layers migrations compose docs ## all that must be green besides the tests
	@cd $(ROOT) && TIPINTAKE_HOME=$$(mktemp -d) $(PY) manage.py region check

bench: setup-dev ## speed beside raw limits, into docs/reference/benchmarks.md (WHOLE=1, NAMES="limits queue")
	@cd $(ROOT) && $(PY) -m bench --write $(if $(WHOLE),--whole) $(NAMES)

$(BENCH_STAMP):
	@test -x $(BENCH_VENV)/bin/pip || $(PYTHON) -m venv $(BENCH_VENV) || { echo "python3-venv is missing: install it (Debian: apt install python3-venv) and run make again."; rm -rf $(BENCH_VENV); exit 1; }
	@for list in requirements-bench requirements-bench-es; do \
	  $(BENCH_VENV)/bin/pip install -q --disable-pip-version-check --no-deps --require-hashes -r $(ROOT)/$$list.txt || { \
	    echo "NO BENCHMARK: $$list.txt (Presidio, spaCy or its sm models) could not be installed; the line above says which package is missing."; exit 1; }; done
	@touch $@

bench-scrub: $(BENCH_STAMP) ## our scrubber beside Presidio: accuracy, and speed as ratios (ROUNDS=3)
	@cd $(ROOT) && $(BENCH_VENV)/bin/python -m bench.peer $(ROUNDS)

soak: setup-dev ## is memory flat? an hour of light load on PostgreSQL (ARGS="60 4": minutes, tips a second)
	@cd $(ROOT) && $(PY) -m bench.soak $(ARGS)

lock: setup-dev ## resolve requirements*.in into hashed requirements*.txt (needs uv)
	@cd $(ROOT) && for name in requirements requirements-dev requirements-bench requirements-train; do \
	  uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q $$name.in -o $$name.txt; done

clean: ## remove the virtual environments and caches; never the state under var/
	@rm -rf $(VENV) $(BENCH_VENV) $(ROOT)/.mypy_cache $(ROOT)/.ruff_cache $(ROOT)/.pytest_cache $(ROOT)/.hypothesis
