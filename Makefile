# Everything runs in .venv, which the first target that needs it creates.
PYTHON ?= python3
BIN := .venv/bin
OUT ?= demo.png
RUN_TESTS := $(BIN)/python -m pytest -q -n 2

.PHONY: demo test test-slow claims check format bench bench-quick performance tasks clean
.DELETE_ON_ERROR:

demo: .venv/.installed-plot
	$(BIN)/mnemonist demo --out $(OUT)

test: .venv/.installed-dev
	$(RUN_TESTS)

test-slow: .venv/.installed-dev
	$(RUN_TESTS) -m slow

claims: .venv/.installed-dev
	$(RUN_TESTS) -m claim --claims=docs/claims.md

check: .venv/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(RUN_TESTS)

format: .venv/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/.installed-bench
	$(BIN)/python -m benchmarks

bench-quick: .venv/.installed-bench
	$(BIN)/python -m benchmarks --quick

performance: bench
	$(BIN)/python -m benchmarks.performance

tasks: .venv/.installed-tasks
	$(BIN)/python -m tools.tasks --keep

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed-%: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	touch $@
