# Five commands; each builds .venv on a machine that has nothing but Python and make.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: demo test check docs bench clean

demo: .venv/demo
	PORT=$(PORT) $(BIN)/python -m demo_app

test: .venv/dev
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports

docs: .venv/dev
	$(BIN)/zensical build --clean --strict

bench: .venv/dev
	$(BIN)/python -m tests.bench

clean:
	rm -rf .venv site .cache

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip

.venv/demo: pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --editable . --group demo
	touch $@

.venv/dev: pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --editable . --group dev
	touch $@ .venv/demo
