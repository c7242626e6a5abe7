.DEFAULT_GOAL := help
.PHONY: help demo test check format bench torture clean

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
# Databases and indices of tests are made anew thousands of times: in memory, where there is plenty.
IN_MEMORY := $(shell grep -s ' /dev/shm ' /proc/mounts | grep -qv noexec \
	&& df --output=avail /dev/shm | awk 'NR == 2 && $$1 > 4000000' | grep -q . \
	&& awk '/MemAvailable/ && $$2 > 10000000 {print "/dev/shm"}' /proc/meminfo)
# Tests run two side by side where there are two processors; make test WORKERS= runs them one after the other.
WORKERS ?= $(shell [ "$$(nproc 2>/dev/null || echo 1)" -gt 1 ] && echo 2)

help: ## What each command does
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.demo ## Load the bundled sample and serve it: http://127.0.0.1:8000/sign-in
	$(BIN)/carnet demo --port $(PORT)

test: $(VENV)/.dev ## Everything: checks, then every test, with a real browser; installs what it needs
	$(MAKE) --no-print-directory lint
	tests/install_browser.sh
	$(BIN)/python -m tests.services install
	TMPDIR=$(or $(IN_MEMORY),$(TMPDIR)) $(BIN)/pytest $(if $(WORKERS),-n $(WORKERS))

torture: $(VENV)/.dev ## The tests that can go on for hours, as wide as they go
	$(BIN)/python -m tests.services install
	TMPDIR=$(or $(IN_MEMORY),$(TMPDIR)) CARNET_TORTURE=on $(BIN)/pytest -m torture

check: $(VENV)/.dev lint ## Format, lint, types, imports and the fast tests, in under a minute
	$(BIN)/pytest -q tests/unit

.PHONY: lint
lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports --no-cache

format: $(VENV)/.dev ## Lay the code out
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## The benchmarks, each with a table and JSON in bench/results
	$(BIN)/python -m bench.rebuild
	$(BIN)/python -m bench.updates
	$(BIN)/python -m bench.typeahead

clean: ## Remove the environment and what was built
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis bench/results

# constraints.txt pins every package, direct or not, that this release was tested with.
$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Carnet needs Python 3.11 or later: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: setup.cfg constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

$(VENV)/.dev: setup.cfg constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[all,dev]'
	touch $@ $(VENV)/.demo
