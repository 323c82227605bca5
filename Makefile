# Everything a newcomer needs: each target does its own set-up. Linux with make and Python 3.11 or newer is assumed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test lint verify bench fuzz clean

demo: $(VENV)/instructor  ## play a whole class: handouts, submissions, grading, report
	$(BIN)/grader demo --to demo

test: $(VENV)/dev  ## everything that CI runs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/grader build --check
	$(BIN)/python -m pytest
	$(BIN)/grader verify

bench: $(VENV)/bench  ## side by side with what one would use instead
	$(VENV)/bench-env/bin/python -m benchmarks.per_submission

$(VENV)/created:
	$(PYTHON) -c 'import sys; sys.exit("grader needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	touch $@

# torch first and by itself: its exact version decides which build is taken.
$(VENV)/instructor: $(VENV)/created pyproject.toml constraints.txt
	$(INSTALL) torch
	$(INSTALL) --editable '.[instructor]'
	touch $@

$(VENV)/dev: $(VENV)/instructor
	$(INSTALL) --editable '.[instructor,cluster,dev]'
	touch $@

clean:  ## remove what the targets made
	rm -rf $(VENV) demo dist .pytest_cache .mypy_cache .ruff_cache .hypothesis benchmarks/out
