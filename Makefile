# Everything you can do here. `make` alone explains itself.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= .venv/bin/python
BIN := $(dir $(PYTHON))
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

# ---- contracts -------------------------------------------------------------------------------------------------------

.PHONY: third-party
third-party: ## Put third-party protos into third_party/ (quick when done)
	@$(PYTHON) -m tools.third_party

tools/es/node_modules/.package-lock.json: tools/es/package-lock.json
	@npm ci --prefix tools/es --no-audit --no-fund --silent
	@touch $@

.PHONY: gen
gen: third-party tools/es/node_modules/.package-lock.json ## Make gen/ and docs/api.md from proto/
	@$(PYTHON) -m tools.gen

.PHONY: gen-check
gen-check: third-party tools/es/node_modules/.package-lock.json ## Fail when gen/ or docs/api.md is not what proto/ says
	@$(PYTHON) -m tools.gen --check

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
