# Two commands are all a newcomer needs: `make run` and `make test`. Both build .venv from uv.lock first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONUTF8 := 1

.PHONY: run test check lint types unit integration browser prefect reader-model clean

run: $(VENV)/.ready
	$(BIN)/rectify up --demo

test: check
	$(BIN)/python -m pytest -n auto $(PYTEST_ARGS)

check: lint types

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.ready
	$(BIN)/mypy

unit: $(VENV)/.ready
	$(BIN)/python -m pytest -m "not integration and not browser and not prefect and not slow" $(PYTEST_ARGS)

integration browser prefect: $(VENV)/.ready
	$(BIN)/python -m pytest -m $@ $(PYTEST_ARGS)

# What a sentence of a report is, learnt from the reports under tests/samples: the same data give the same file.
reader-model: $(VENV)/.ready
	$(BIN)/python -m benchmarks.reader.training

# uv comes from PyPI into the environment it then fills: nothing outside this folder is touched.
$(VENV)/.ready: uv.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Rectify needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"
	$(BIN)/uv sync --frozen --inexact --compile-bytecode --quiet
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
