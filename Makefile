# `make run` opens the shop, `make demo` the presenter's page, `make test` runs every test. All set up what they need.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# pip compiles on one core; some packages carry files for other Pythons, which nobody imports.
COMPILE = $(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true
# Tests wait for browsers, databases and processes of their own: two workers for each core, four at most.
WORKERS = $(shell $(BIN)/python -c "import os; print(min(4, 2 * (os.cpu_count() or 1)))")

.PHONY: run demo test suite test-ray lint format check lock clean

run: $(VENV)/.installed
	@$(BIN)/python serve.py

demo: $(VENV)/.installed
	@$(BIN)/python serve.py --demo

# The checks beside the tests: both wait more than they compute.
test: $(VENV)/.installed-dev
	@$(MAKE) --no-print-directory -j2 lint suite

# Threads that wait for each other's cores take several times as long: one for each worker.
suite: export OMP_NUM_THREADS ?= 1
# Browsers and the pages they look at keep a core busy each: those tests come last, a worker for each core. In the order of
# their names not all of them begin by waiting for the same stock.
suite: $(VENV)/.installed-dev
ifeq ($(ARGS),)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --ignore tests/e2e
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder tests/e2e
else
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)
endif

# The extra engine: not needed for anything else, and slow to start and to end.
test-ray: $(VENV)/.installed-dev
	@$(BIN)/python -m pip install --quiet -r requirements-ray.txt -c constraints.txt
	@$(BIN)/python -m pytest -m ray $(ARGS)

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .
	@$(BIN)/lint-imports

format: $(VENV)/.installed-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

check: $(VENV)/.installed
	@$(BIN)/python -m env check

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "vitrine: Python 3.11 or newer is needed, found '$$(python3 --version 2>&1)'; install it, or name one: make run PYTHON=/path/to/python3.11" >&2; \
		exit 1; fi
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "vitrine: a virtual environment could not be made (see above); on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.installed: $(BIN)/python requirements.txt constraints.txt
	@echo "Installing what Vitrine needs (once, a few minutes) ..."
	@$(BIN)/python -m pip install --quiet --no-compile -r requirements.txt -c constraints.txt
	@$(COMPILE)
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --no-compile -r requirements-dev.txt -c constraints.txt
	@$(COMPILE)
	@touch $@

# Writes constraints.txt anew from what is installed: run the tests before committing it.
lock: $(VENV)/.installed-dev
	@{ sed -n '/^#/p' constraints.txt; $(BIN)/python -m pip freeze | sed 's/+cpu$$//'; } > constraints.new
	@mv constraints.new constraints.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
