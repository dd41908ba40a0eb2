# make demo: see it work.  make test: the whole suite.  make run: the service on the real sources.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test run check lint types format bench bench-web bench-all faults quality clean lock fuzz soak years hosts containers pythons wheel s3

help:  ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /|/' | awk -F'|' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: $(VENV)/.installed  ## Run the whole job against a bundled sample newsroom
	@$(BIN)/presswatch demo

test: $(VENV)/.installed-dev  ## Run the test suite (20 kills, each fault once; the long ones: make faults, make fuzz, make soak)
	@$(BIN)/pytest -n auto --dist loadgroup

run: $(VENV)/.installed  ## Start the service on the real sources
	@$(BIN)/presswatch serve

check: lint types test  ## Format, lint, types, import contracts, tests: what CI runs

lint: $(VENV)/.installed-dev  ## Check format, style and the direction of imports
	@$(BIN)/ruff format --check --quiet . || { echo "Run 'make format'."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-logo | tail -n 5

types: $(VENV)/.installed-dev  ## Check types (mypy, strict)
	@$(BIN)/mypy

format: $(VENV)/.installed-dev  ## Put every file into the house format
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --quiet --fix .

# Each goes on where the one before it found something too slow; the status says so in the end.
define measured
@status=0; uptime; for what in $(1); do echo; echo "== $$what"; $(BIN)/python -m benchmarks.$$what || status=1; done; uptime; exit $$status
endef

bench: $(VENV)/.installed-dev  ## Measure what is quick, beside the peers that install here: the pages, steps, polling, growth, judging again, workers, first result (a quarter of an hour)
	@-$(MAKE) --no-print-directory bench-web
	$(call measured,steps "extraction --rounds 1" "polling --feeds 500 --rounds 2" "growth --sizes 10 100 1000 --repeats 3" "reprocess --pages 450" "workers --pages 600" "first_result --repeats 1" "simulation --newsrooms 1000 10000")

bench-all: $(VENV)/.installed-dev  ## Measure everything at full size, also idling beside changedetection.io (an hour and a half, on a machine that does nothing else)
	@-$(MAKE) --no-print-directory bench-web
	$(call measured,steps extraction polling growth reprocess workers first_result units "simulation --check" simulation idle)

bench-web: $(VENV)/.installed-dev .bench/large.sqlite3  ## Measure every page on a store of 100,000 articles: processor time, then 50 a second over the wire beside a crawl (ten minutes)
	$(call measured,"pages --store .bench/large.sqlite3" "served --store .bench/large.sqlite3")

.bench/large.sqlite3: | $(VENV)/.installed-dev
	@mkdir -p .bench && rm -f .bench/making.sqlite3*
	@$(BIN)/python -m benchmarks.large_store .bench/making.sqlite3 && mv .bench/making.sqlite3 $@

faults: $(VENV)/.installed-dev  ## Kill the service 300 times, and every fault of machine and net (most of an hour); see faults.txt
	@PRESSWATCH_FAULTS_LONG=1 PRESSWATCH_FAULTS_KILLS=$${PRESSWATCH_FAULTS_KILLS:-300} PRESSWATCH_FAULTS_NET=$${PRESSWATCH_FAULTS_NET:-12} $(BIN)/pytest -s tests/faults > faults.txt 2>&1; status=$$?; grep -E "^seed [0-9]+:|^seeds|passed|failed" faults.txt; exit $$status

fuzz: $(VENV)/.installed-dev  ## Give every reader of strangers' bytes new inputs for ten minutes
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-fuzz.lock 2>/dev/null || echo "atheris does not install here: without it."
	@$(BIN)/python -m tests.fuzz --minutes 10

soak: $(VENV)/.installed-dev  ## Ten thousand polling cycles of the service, and what it held after each (40 minutes)
	@$(BIN)/python -m tests.soak --cycles 10000

hosts: $(VENV)/.installed-dev  ## Three hosts in network namespaces: kill workers and leaders, cut cables, 20 times (an hour; root)
	@PRESSWATCH_HOSTS=$${PRESSWATCH_HOSTS:-20} $(BIN)/pytest -s -n 0 --basetemp=$$(mktemp -d)/hosts tests/cluster > hosts.txt 2>&1; status=$$?; grep -E "^seed |^\{|passed|failed|skipped" hosts.txt; exit $$status

containers: $(VENV)/.installed-dev  ## Build the image, and run both ways of docker-compose.yml on the sample newsroom (minutes; an engine)
	@PRESSWATCH_CONTAINERS=1 $(BIN)/pytest -q -n 0 tests/containers

pythons: $(VENV)/.installed-dev  ## Run the tests on every Python from 3.11 to 3.13 that is here (nox; ARGS="tests/store" for some)
	@$(BIN)/nox -s tests $(if $(ARGS),-- $(ARGS))

wheel: $(VENV)/.installed-dev  ## Build the wheel, and use it in a bare environment outside of the checkout
	@$(BIN)/nox -s wheel

s3: $(VENV)/.installed-dev  ## Try an archive at an address of S3's, against a server on loopback
	@$(BIN)/nox -s s3

years: $(VENV)/.installed-dev  ## Walk two years of editions in five time zones
	@PRESSWATCH_TWO_YEARS=1 $(BIN)/pytest -q -s tests/time

quality: $(VENV)/.installed-dev  ## Score the verdicts on the labelled articles, by language and level
	@$(BIN)/pytest -q tests/quality

clean:  ## Remove the environment and what the demo made
	rm -rf $(VENV) demo-data .bench .pytest_cache .mypy_cache .ruff_cache

# The locks hold names, versions and hashes, no addresses. Made anew on purpose only.
lock:  ## Resolve the locked versions again (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --group build pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --group build --group dev pyproject.toml -o requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --group fuzz -o requirements-fuzz.lock

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "presswatch needs Python 3.11 or later; '$(PYTHON)' is older. Try: make PYTHON=python3.12 demo"; exit 1; }
	@echo "Making an environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/pip
	@echo "Installing the locked libraries (about a minute, once) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installing the tools that the tests need …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
