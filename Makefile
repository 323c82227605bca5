# Everything a newcomer needs: each target does its own set-up. Linux with make and Python 3.11 or newer is assumed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test bench fuzz soak clean

demo: $(VENV)/instructor  ## play a whole class: handouts, submissions, grading, report
	$(BIN)/grader demo norm_layers beam_search transformer_blocks --to demo

test: $(VENV)/dev  ## everything that CI runs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/grader build --check
	$(BIN)/python -m pytest -n 3 --dist loadfile
	$(BIN)/grader verify

# In an environment of its own: the peers bring a hundred packages.
bench: $(VENV)-bench/created  ## side by side with what one would use instead
	$(VENV)-bench/bin/python -m benchmarks.per_submission --topic transformer_blocks
	$(VENV)-bench/bin/python -m benchmarks.engine_parts

FUZZ_SECONDS ?= 600

fuzz: $(VENV)/dev  ## ten minutes for each reader of hostile bytes, by coverage and by property
	$(INSTALL) --editable '.[fuzz]'
	for target in frame archive manifest notebook; do \
		$(BIN)/python -m tests.fuzz.guided $$target $(FUZZ_SECONDS) && \
		$(BIN)/python -m tests.fuzz.by_property $$target $(FUZZ_SECONDS) || exit 1; \
	done

soak: $(VENV)/dev  ## a thousand submissions, one in twenty hostile; two hundred kills of processes of ours
	$(BIN)/python -m benchmarks.overload
	GRADER_KILLS=200 $(BIN)/python -m pytest tests/system/test_killed_grading.py
	GRADER_WHOLE_CORPUS=1 $(BIN)/python -m pytest tests/hostile/test_hostile.py

$(VENV)/created:
	$(PYTHON) -c 'import sys; sys.exit("grader needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	touch $@

# torch first and by itself: its exact version decides which build is taken.
$(VENV)/torch: $(VENV)/created constraints.txt
	$(INSTALL) torch
	touch $@

$(VENV)/instructor: $(VENV)/torch pyproject.toml
	$(INSTALL) --editable '.[instructor]'
	touch $@

$(VENV)/dev: $(VENV)/torch pyproject.toml
	$(INSTALL) --editable '.[instructor,cluster,dev]'
	touch $@

$(VENV)-bench/created: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install --quiet --constraint constraints.txt torch
	$(VENV)-bench/bin/python -m pip install --quiet --constraint constraints.txt --editable '.[instructor,bench]'
	touch $@

clean:  ## remove what the targets made
	rm -rf $(VENV) $(VENV)-bench demo dist .pytest_cache .mypy_cache .ruff_cache .hypothesis benchmarks/out
