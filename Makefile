# Nine commands; each builds .venv on a machine that has nothing but Python and make.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: demo test check docs bench soak fuzz mutants release-check clean

demo: .venv/demo
	@PORT='$(PORT)' $(BIN)/python -m demo_app

TESTED := $(BIN)/python -m pytest --numprocesses 4 --dist loadfile \
  --no-loadscope-reorder --cov
# Playwright switches greenlets: coverage that follows them makes other tests slow.
BROWSED := tests/demo_app/inspector/static tests/inspector/static \
  tests/bench/test_plot.py tests/docs/test_site.py \
  tests/integration/test_behind_nginx_chromium.py

test: .venv/dev
	$(BIN)/coverage erase
	$(TESTED) --timeout 180 --cov-report= --cov-fail-under=0 $(BROWSED)
	SWITCHES=thread $(TESTED) --timeout 600 --cov-append --cov-report term-missing $(BROWSED:%=--ignore=%)
	$(BIN)/python -m tests.support.own_coverage

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy & mypy=$$!; $(BIN)/pyright; pyright=$$?; wait $$mypy && exit $$pyright
	$(BIN)/lint-imports

docs: .venv/dev
	$(BIN)/zensical build --clean --strict

bench: .venv/dev
	$(BIN)/python -m tests.bench

soak: .venv/dev
	nice -n 10 $(BIN)/python -m tests.soak

fuzz: .venv/fuzz
	nice -n 10 $(BIN)/python -m tests.fuzz differential --count 1000000
	nice -n 10 $(BIN)/python -m tests.fuzz sockets secrets-sockets --count 100000
	nice -n 10 $(BIN)/python -m tests.fuzz plain pastes --count 20000
	nice -n 10 $(BIN)/python -m tests.fuzz secrets --count 1000000
	for target in head offers origin redaction judge rendering; do \
	  nice -n 10 $(BIN)/python -m tests.fuzz.guided $$target -max_total_time=180 || exit 1; \
	done

mutants: .venv/fuzz
	nice -n 10 $(BIN)/python -m tests.mutants

# PYTHONS="python3.11 python3.13" tries these; none is the Python of .venv
release-check: .venv/dev
	$(BIN)/python -m tests.support.newcomer $(addprefix --python ,$(PYTHONS))
	$(BIN)/python -m tests.support.newcomer --lowest $(addprefix --python ,$(PYTHONS))
	$(BIN)/python -m tests.support.newcomer --newest $(addprefix --python ,$(PYTHONS))
	$(BIN)/python -m tests.support.newcomer --versions $(addprefix --python ,$(PYTHONS))
	EXAMPLES=all $(BIN)/python -m pytest tests/integration/test_launchers.py
	$(BIN)/python -m tests.suites

clean:
	rm -rf .venv site

# Each file says that a step was finished, so one that was interrupted is done again.
.venv/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "This needs \
	Python 3.11 or newer; name one, such as: make demo PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	@touch $@

.venv/demo: pyproject.toml | .venv/pip
	$(BIN)/python -m pip install --quiet --editable . --group demo
	@touch $@

.venv/dev: pyproject.toml | .venv/pip
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@ .venv/demo

.venv/fuzz: pyproject.toml | .venv/dev
	$(BIN)/python -m pip install --quiet --group fuzz
	@touch $@
