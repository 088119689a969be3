# Two commands are all a newcomer needs: `make run` and `make test`. Both build .venv from uv.lock first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONUTF8 := 1
export PYTHONDONTWRITEBYTECODE :=        # tests start the program often: it is compiled once

.PHONY: run test nightly check lint types unit coverage mutants integration browser prefect deploy cluster reader-model bundle clean

run: $(VENV)/.ready
	$(BIN)/rectify up --demo

# `make test` and `make nightly` together are everything; plain pytest runs both.
test: check
	$(BIN)/python -m pytest -n auto -m "not nightly" $(PYTEST_ARGS)

nightly: $(VENV)/.ready
	$(BIN)/python -m pytest -n auto -m nightly $(PYTEST_ARGS)

check: lint types

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.ready
	$(BIN)/mypy

UNIT := "not integration and not browser and not prefect and not slow and not nightly"

unit: $(VENV)/.ready
	$(BIN)/python -m pytest -n auto -m $(UNIT) $(PYTEST_ARGS)

# The unit tests again, measured: the floor stands in pyproject.toml.
coverage: $(VENV)/.ready
	$(BIN)/python -m pytest -n auto -m $(UNIT) --cov --cov-report=term:skip-covered $(PYTEST_ARGS)

# The rules, changed in one place at a time: some test must notice. An hour; what was tried and is as it was is not tried
# again (`make clean` forgets it, `.venv/bin/mutmut run NAME` tries one again).
mutants: $(VENV)/.ready
	$(BIN)/uv sync --frozen --inexact --group mutants --quiet
	$(BIN)/mutmut run
	$(BIN)/python -m tests.mutants

integration browser prefect: $(VENV)/.ready
	$(BIN)/python -m pytest -m $@ $(PYTEST_ARGS)

# Puts prefect.yaml and the automations on the Prefect server at PREFECT_API_URL; again after each update.
# NOTIFY_BLOCK is the id of a notification block there: who is told of a run that failed.
AUTOMATIONS := rectify-lost-is-crashed rectify-crashed-day-runs-again rectify-failed-is-told
deploy: export RECTIFY_HOME ?= $(CURDIR)
deploy: $(VENV)/.ready
	$(BIN)/prefect work-pool create main --type process --overwrite
	$(BIN)/prefect --no-prompt deploy --all
	for name in $(AUTOMATIONS); do $(BIN)/prefect --no-prompt automation delete $$name >/dev/null 2>&1 || true; done
	$(BIN)/prefect automation create --from-file prefect-automations.yaml
	test -z "$(NOTIFY_BLOCK)" || { sed s/NOTIFY_BLOCK/$(NOTIFY_BLOCK)/ prefect-notify.yaml >$(VENV)/notify.yaml && $(BIN)/prefect automation create --from-file $(VENV)/notify.yaml; }
	$(BIN)/prefect deployment ls

# An office of several machines on this one, a morning, and the loss of a worker in the middle; ONCE=--once ends it.
cluster: $(VENV)/.ready
	$(BIN)/python -m benchmarks.cluster $(ONCE)

# What a sentence of a report is, learnt from the reports under tests/samples: the same data give the same file.
reader-model: $(VENV)/.ready
	$(BIN)/python -m benchmarks.reader.training

# What an office without network installs (docs/guide/install.md); PYTHONS="" leaves the archives of wheels out.
bundle: $(VENV)/.ready
	deploy/bundle/build.sh

# uv comes from PyPI into the environment it then fills: nothing outside this folder is touched.
$(VENV)/.ready: uv.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Rectify needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"
	$(BIN)/uv sync --frozen --inexact --compile-bytecode --quiet
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage mutants
