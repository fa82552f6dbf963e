# The verbs of this checkout. Everything is installed under .venv, from the locks, each file checked by its hash.
# With uv on the path an install takes about a second; without it venv and pip do the same in about twenty.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run rehearse test check fmt lock clean

VENV := .venv
BIN := $(VENV)/bin
CAMPAIGN ?= config/campaigns/winback-dormant.yaml
ARGS ?=
OWN := compliance campaigns dialer adapters tests

# The locks are the same on every Python from 3.11 on, whichever machine writes them, and name no host.
COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --no-emit-index-url \
	--no-header --generate-hashes --quiet

help: ## print these verbs
	@echo "make VERB, where VERB is one of"
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r verb does; do \
		printf '  %-10s %s\n' "$$verb" "$$does"; done
	@echo "ARGS='...' is handed on: make run ARGS=--help, make test ARGS='-k ledger'"

setup: $(VENV)/.installed ## install what the program needs (the command is then .venv/bin/dialer)

setup-dev: $(VENV)/.installed-dev

run: setup ## install, then run the demo campaign from beginning to end
	$(BIN)/dialer demo $(ARGS)

rehearse: setup ## a whole calling day in seconds (CAMPAIGN=config/campaigns/....yaml)
	$(BIN)/dialer rehearse $(CAMPAIGN) $(ARGS)

test: setup-dev ## install, then run every test; what is skipped is said at the end, and why
	$(BIN)/python -m pytest -rs $(ARGS)

check: setup-dev ## format, lint, types, import contracts, guards
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(OWN)
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/guards

fmt: setup-dev ## format, and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .

lock: ## write both locks anew (needs uv; newer versions too: make lock ARGS=--upgrade)
	@uv --version >/dev/null 2>&1 || { echo "make lock needs uv: install it, then try again" >&2; exit 1; }
	$(COMPILE) $(ARGS) --output-file requirements.lock
	$(COMPILE) $(ARGS) --constraints requirements.lock --no-annotate --group dev \
		--output-file requirements-dev.lock

clean: ## remove the environment and every cache (var/, the campaigns' records, stays)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

# ---------------------------------------------------------------------------------------------------------------

$(VENV)/.installed: requirements.lock $(BIN)/dialer
	$(call install,requirements.lock)
	@touch $@

# The development lock contains the other one, version for version (a guard test holds it).
$(VENV)/.installed-dev: requirements.lock requirements-dev.lock $(BIN)/dialer
	$(call install,requirements-dev.lock)
	@touch $(VENV)/.installed $@

# Wheels only: a source archive would bring a build backend that no lock names.
define install
	@if uv --version >/dev/null 2>&1; then set -x; \
		uv pip install --quiet --python $(BIN)/python --require-hashes --only-binary :all: --no-deps -r $(1); \
	else set -x; \
		$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --default-pip; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
			--no-deps -r $(1); \
	fi
endef

# The command and the path to this checkout, both relative to .venv: the checkout may be moved or linked to.
$(BIN)/dialer: $(BIN)/python
	@site=$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))') && \
		echo '../../../..' > "$$site/dialer-checkout.pth"
	@printf '%s\n' '#!/bin/sh' '# Written by make setup.' \
		'exec "$$(dirname "$$(readlink -f "$$0")")/python" -P -m dialer "$$@"' > $@
	@chmod +x $@

$(BIN)/python:
	@found=; for name in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			found=$$("$$name" -c 'import sys; print(sys.executable)'); break; fi; done; \
	if [ -z "$$found" ]; then \
		echo "Python 3.11 or newer was not found. Install it, or name it: make PYTHON=/path/to/python3" >&2; exit 1; fi; \
	if uv --version >/dev/null 2>&1; then set -x; uv venv --quiet --allow-existing --python "$$found" $(VENV); \
	else set -x; "$$found" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }; fi
