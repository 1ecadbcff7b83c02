# keymuster: `make demo` and `make test` set up what they need; everything else is listed by `make help`.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help

help:  ## what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "keymuster needs Python 3.11 or newer"; exit 2; }
	@sh scripts/system_packages.sh $(PYTHON)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $(STAMP)

setup: $(STAMP)  ## make the environment (done by every other target)

demo: $(STAMP)  ## muster a simulated bank and leave a pack in build/demo
	@rm -rf build/demo
	@$(BIN)/keymuster demo --out build/demo

test: $(STAMP)  ## every test, slow ones too
	$(BIN)/pytest -q -n 2

check: $(STAMP)  ## format, lint, types, import contracts, generated docs, fast tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python scripts/generate.py --check
	$(BIN)/pytest -q -n 2 -m "not slow" --ignore tests/e2e

generate: $(STAMP)  ## write the generated docs and schemas
	$(BIN)/python scripts/generate.py

format: $(STAMP)  ## format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(STAMP)  ## resolve the dependencies anew, with hashes and without hosts
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --all-extras --group dev \
		--generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--output-file requirements.lock

id: $(STAMP)  ## the next free rule id: make id AREA=ROT
	@$(BIN)/keymuster rules new $(AREA) --guardrail rotation | sed -n 's/^id: //p'

BENCH_KEYS ?= 1000000

bench: bench-engine bench-live bench-spread  ## the benchmarks; their figures stand in benchmarks/results.md

bench-engine: $(STAMP)  ## judge a million made-up keys, or make bench-engine BENCH_KEYS=100000
	$(BIN)/python benchmarks/engine.py --keys $(BENCH_KEYS)

bench-live: $(STAMP) build/peers/.installed  ## keymuster, Prowler and Cloud Custodian against one endpoint
	$(BIN)/python benchmarks/live.py

bench-spread: $(STAMP)  ## threads against processes, 10,000 keys
	$(BIN)/python benchmarks/spread.py

build/peers/.installed:
	for peer in c7n prowler; do $(PYTHON) -m venv build/peers/$$peer && build/peers/$$peer/bin/pip install --quiet $$peer || exit 1; done
	@touch $@

faults: $(STAMP)  ## fail every call in every way and write docs/faults.md
	$(BIN)/python -m tests.conformance.faults --write docs/faults.md

clean:  ## remove what the targets made
	rm -rf build dist $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.PHONY: help setup demo test check generate format lock id bench bench-engine bench-live bench-spread faults clean
