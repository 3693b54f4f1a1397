# All commands; `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= .venv/bin/python
BIN := $(dir $(PYTHON))
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

# ---- contracts -------------------------------------------------------------------------------------------------------

.PHONY: third-party
third-party: ## Put third-party protos into third_party/ (quick when done)
	@$(PYTHON) -m tools.third_party

tools/es/node_modules/.package-lock.json: tools/es/package-lock.json
	@npm ci --prefix tools/es --no-audit --no-fund --silent
	@touch $@

.PHONY: gen
gen: third-party tools/es/node_modules/.package-lock.json ## Generate gen/ and docs/api.md from proto/
	@$(PYTHON) -m tools.gen
	@$(PYTHON) -m deploy.mesh_rules

.PHONY: gen-check
gen-check: third-party tools/es/node_modules/.package-lock.json ## Fail when gen/ or docs/api.md differs from what proto/ generates
	@$(PYTHON) -m tools.gen --check
	@$(PYTHON) -m deploy.mesh_rules --check

.PHONY: schema
schema: ## Generate docs/database-schema.md from the migrations, in real stores
	@$(PYTHON) -m tools.schema

.PHONY: breaking
breaking: third-party ## Fail when proto/ breaks the committed contracts (AGAINST=<git revision>, default HEAD)
	@$(PYTHON) -m tools.breaking $(AGAINST)

# ---- checks ----------------------------------------------------------------------------------------------------------

.PHONY: lint
lint: lint-contracts lint-python ## Check style, types, layers and contracts

.PHONY: lint-contracts
lint-contracts: third-party ## Check the contracts: buf lint and format
	@buf lint
	@buf format proto --diff --exit-code

.PHONY: lint-python
lint-python: ## Check Python: ruff, mypy --strict, import-linter
	@ruff check .
	@ruff format --check .
	@mypy
	@lint-imports

.PHONY: format
format: ## Format Python and contracts
	@ruff format .
	@ruff check --fix-only --quiet .
	@buf format proto -w

# ---- environment and one machine -------------------------------------------------------------------------------------

UV := .venv/bin/uv $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),--system-certs) pip
LOCK := $(UV) compile -q --generate-hashes --no-header --no-emit-index-url --no-annotate --python-version 3.11

.PHONY: env
env: ## Install everything that runs Frontdesk on this machine into .venv (quick when done)
	@tools/environment.sh requirements-embedded.lock $(if $(SYSTEM_PYTHON),"$(SYSTEM_PYTHON)")
	@.venv/bin/python -m tools.third_party

.PHONY: env-dev
env-dev: ## The same, plus the tools for checks, tests and generated code (quick when done)
	@tools/environment.sh requirements-dev.lock $(if $(SYSTEM_PYTHON),"$(SYSTEM_PYTHON)")
	@.venv/bin/python -m tools.third_party

FOREIGN := tests/foreign/.venv

.PHONY: foreign
foreign: env-dev ## Install third-party tools that generate clients and attack the API, apart from ours (quick when done)
	@sum=$$(cat requirements-foreign.lock tests/foreign/package-lock.json | sha256sum | cut -c1-16); \
	test "$$(cat $(FOREIGN)/.stamp 2>/dev/null)" = "$$sum" || { \
	  echo "Installing the foreign tools" && \
	  .venv/bin/python -m venv --clear $(FOREIGN) && \
	  $(UV) install -q --python $(FOREIGN)/bin/python --require-hashes -r requirements-foreign.lock && \
	  npm ci --prefix tests/foreign --no-audit --no-fund --silent && \
	  echo "$$sum" > $(FOREIGN)/.stamp; }

.PHONY: lock
lock: ## Choose the newest versions that requirements*.in allow and write them to the lock files
	@$(LOCK) -U requirements-dev.in -o requirements-dev.lock
	@$(LOCK) -U -c requirements-dev.lock requirements-embedded.in -o requirements-embedded.lock
	@$(LOCK) -U -c requirements-embedded.lock requirements.in -o requirements.lock
	@$(LOCK) -U -c requirements-embedded.lock deploy/requirements.in -o deploy/requirements.lock
	@$(LOCK) -U requirements-uv.in -o requirements-uv.lock
	@$(LOCK) -U requirements-foreign.in -o requirements-foreign.lock

.PHONY: up
up: env web ## Start everything on this machine and load the demo shop; Ctrl-C stops it and keeps the data
	@.venv/bin/frontdesk up

.PHONY: down
down: ## Stop what `make up` or `frontdesk up --detach` started
	@.venv/bin/frontdesk down

.PHONY: restart
restart: ## Stop everything and start it again, with the present code and settings
	@.venv/bin/frontdesk restart

.PHONY: status
status: ## Show what is up, with ports, memory and uptime
	@.venv/bin/frontdesk status

.PHONY: logs
logs: ## Follow the logs of every process
	@.venv/bin/frontdesk logs --follow

.PHONY: clean-data
clean-data: ## Delete the one-machine data, keys and logs, after a confirmation (YES=1 confirms)
	@.venv/bin/frontdesk clean-data $(if $(YES),--yes)

# ---- web pages -------------------------------------------------------------------------------------------------------

WEB_BUILT_FROM = $$(find web/src web/public web/agent web/admin gen/ts -type f | LC_ALL=C sort) web/index.html web/*.ts web/package-lock.json

.PHONY: web-setup
web-setup:
	@sum=$$(sha256sum web/package-lock.json | cut -c1-16); \
	test "$$(cat web/node_modules/.stamp 2>/dev/null)" = "$$sum" || { \
	  command -v npm >/dev/null || { echo "No node found: run \`make env\`, which brings one, or install node 20.19 or newer."; exit 1; } && \
	  echo "Installing the web pages' packages" && \
	  (cd web && npm ci --no-audit --no-fund --loglevel=error >/dev/null) && echo "$$sum" > web/node_modules/.stamp; }

.PHONY: web
web: web-setup ## Build the web pages into web/dist (quick when nothing changed)
	@sum=$$(cat $(WEB_BUILT_FROM) | sha256sum | cut -c1-16); \
	test "$$(cat web/node_modules/.built 2>/dev/null)" = "$$sum" -a -f web/dist/index.html || { \
	  echo "Building the web pages" && \
	  (cd web && for config in vite vite.chat vite.loader; do \
	    node node_modules/vite/bin/vite.js build --logLevel warn --config $$config.config.ts || exit 1; done) && echo "$$sum" > web/node_modules/.built; }

.PHONY: web-test
web-test: web-setup ## Types and unit tests of the web pages
	@cd web && node node_modules/typescript/bin/tsc --noEmit && node node_modules/vitest/vitest.mjs run --reporter=dot

# ---- tests -----------------------------------------------------------------------------------------------------------

PYTEST := .venv/bin/python -m pytest

.PHONY: check
check: env-dev ## Lint, types, unit tests and the tests that your change touches (under 3 minutes; AGAINST=<git revision>)
	@$(MAKE) --no-print-directory -j3 --output-sync=target \
	  test-touched lint test-rules $(if $(shell git status --porcelain web gen/ts),web-test)

.PHONY: test-touched
test-touched: env-dev
	@tests=$$(.venv/bin/python -m tools.touched $(AGAINST)); test -z "$$tests" || $(PYTEST) -q $$tests

# The longest first, so that short ones fill the gaps. They wait for stores, processes and streams as well as they compute: three
# at a time keep two cores busy.
LANES ?= 3
SUITES := test-stack test-rest test-screens test-core test-own-stacks test-edge test-unit lint test-fault web-test test-answers

.PHONY: test
test: env-dev ## Everything that proves Frontdesk: checks and all levels of tests
	@$(MAKE) --no-print-directory -j3 --output-sync=target web gen-check foreign
	@# -k: a red suite does not hide another; -o: what is made already, so that the longest suite really begins first
	@$(MAKE) --no-print-directory -k -j$(LANES) -o env-dev -o web -o foreign --output-sync=target $(SUITES)
	@$(MAKE) --no-print-directory -k test-promises fault-quick  # alone: beside others, what is promised in seconds comes late
	@command -v nginx >/dev/null || test -x /usr/sbin/nginx || \
	  echo "All passed, but without nginx the tests behind a proxy were SKIPPED: sudo apt-get install -y nginx-light, then make test-gateway"
	@command -v chromium chromium-browser google-chrome >/dev/null || \
	  echo "All passed, but without Chromium the browser tests were SKIPPED: sudo apt-get install -y chromium, then make test-e2e"

.PHONY: test-answers
test-answers: env-dev
	@.venv/bin/python -m bench.answers --set shop --check

.PHONY: test-unit
test-unit: env-dev ## Rules, and what must hold for the code as a whole
	@$(PYTEST) -q tests/unit tests/architecture

.PHONY: test-rules
test-rules: env-dev
	@$(PYTEST) -q tests/unit

.PHONY: test-contract
test-contract: env-dev ## Every adapter on its real store
	@$(PYTEST) -q tests/contract

.PHONY: test-rpc
test-rpc: env-dev ## Each service's use cases and its real gRPC server
	@$(PYTEST) -q tests/services tests/rpc

OF_CORE := tests/rpc/core tests/rpc/agent
PROMISES := tests/rpc/feeds tests/rpc/revocations tests/contract/kit/test_shares.py tests/contract/kit/test_jobs.py

.PHONY: test-core
test-core: env-dev
	@$(PYTEST) -q $(OF_CORE)

.PHONY: test-rest
test-rest: env-dev
	@$(PYTEST) -q tests/services tests/rpc $(patsubst %,--ignore=%,$(OF_CORE) $(PROMISES))

.PHONY: test-promises
test-promises: env-dev
	@$(PYTEST) -q $(PROMISES)

.PHONY: test-gateway
test-gateway: env-dev ## A real Envoy in front of the services
	@$(PYTEST) -q tests/gateway

.PHONY: test-e2e
test-e2e: env-dev web foreign ## The whole stack, from a customer's message to an agent's answer, with foreign clients too
	@$(PYTEST) -q tests/e2e tests/foreign

BROWSER_TESTS := $(wildcard tests/e2e/test_browser*.py)
OWN_STACKS := tests/e2e/test_failures.py tests/e2e/test_own_stacks.py tests/e2e/test_whatsapp.py

.PHONY: test-stack
test-stack: env-dev web foreign  # foreign clients are here because they need no stack of their own
	@$(PYTEST) -q tests/e2e tests/foreign $(foreach each,$(BROWSER_TESTS) $(OWN_STACKS),--ignore=$(each))

.PHONY: test-own-stacks
test-own-stacks: env-dev web
	@$(PYTEST) -q $(OWN_STACKS)

.PHONY: test-screens
test-screens: env-dev web
	@$(PYTEST) -q $(BROWSER_TESTS)

.PHONY: test-edge
test-edge: env-dev
	@$(PYTEST) -q tests/gateway tests/contract $(PROMISES:%=--ignore=%)

.PHONY: fuzz-api
fuzz-api: foreign web ## Attack the REST API with schemathesis as five kinds of caller (5 to 10 minutes)
	@.venv/bin/python -m tests.foreign.fuzz

# ---- fault -----------------------------------------------------------------------------------------------------------

.PHONY: fault
fault: env-dev web ## Break the running stack and count lost and doubled messages (up to 45 minutes; as root for the full disks)
	@.venv/bin/python -m tests.fault --keep

.PHONY: fault-quick
fault-quick: env-dev web ## Some of the fault scenarios, in a few minutes
	@.venv/bin/python -m tests.fault --quick

.PHONY: test-fault
test-fault: env-dev
	@$(PYTEST) -q tests/fault

.PHONY: fault-report
fault-report: ## Put the figures of tests/fault/results/latest.json into docs/reliability.md
	@.venv/bin/python -m tests.fault.report

.PHONY: fault-mutants
fault-mutants: env-dev web ## Remove one guard at a time, five tries each (ARGS=--all: unchanged ones too)
	@.venv/bin/python -m tests.fault.mutants $(ARGS)

# ---- bench -----------------------------------------------------------------------------------------------------------

.PHONY: eval
eval: env-dev ## Measure how well questions are answered, beside plain Chroma and BM25 (CHAT_MODEL=gpt-4o: by a model, too)
	@.venv/bin/python -m bench.answers --plain $(if $(CHAT_MODEL),--chat-model $(CHAT_MODEL)) \
	  $(if $(CHAT_URL),--chat-url $(CHAT_URL)) $(if $(CHAT_KEY_ENV),--chat-key-env $(CHAT_KEY_ENV)) $(ARGS)

.PHONY: bench
bench: env web ## Measure the cost of an answer on the whole stack, and write bench/results/latest.json
	@.venv/bin/python -m bench

.PHONY: bench-web
bench-web: env-dev web ## Measure the screens in a real browser (ARGS=--scale: with much data), and write bench/results/web.json
	@.venv/bin/python -m bench.web $(ARGS)
