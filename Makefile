# Every target does its own set-up. `make run` and `make test` need make, git and python3 with venv; nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PORT ?= 7860
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test test-deps check eval mutate dev-score words judge adviser ablation retrieval retrieval-score bench lock clean

$(READY): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $(READY)

run: $(READY)
	$(BIN)/coach serve --port $(PORT)

test: $(READY)
	$(BIN)/python -m pytest

# What some tests need from Debian: a browser, fonts that show Chinese, and a PostgreSQL server.
test-deps:
	@if command -v apt-get >/dev/null 2>&1; then \
	  if ! command -v chromium >/dev/null 2>&1 || ! fc-list 2>/dev/null | grep -qi "noto.*cjk" || \
	     ! ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1; then \
	    SUDO=$$(test "$$(id -u)" = 0 || echo sudo); \
	    $$SUDO apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive $$SUDO apt-get install -y -qq --no-install-recommends \
	      chromium chromium-driver fonts-noto-cjk fontconfig postgresql python3-venv >/dev/null; \
	  fi; \
	else echo "test-deps: no apt-get here; install Chromium, a Chinese font and PostgreSQL yourself, or the tests that need them skip"; fi

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The eval suite and its gate; results in the user's data folder. EVAL passes options on: make eval EVAL=--no-cache
EVAL ?=
eval: $(READY)
	$(BIN)/python -m eval $(EVAL)

# Breaks the coach in every known way and shows which task notices; takes a quarter of an hour, with MUTATE=--fast two minutes.
MUTATE ?=
mutate: $(READY)
	$(BIN)/python -m eval mutate $(MUTATE)

dev-score: $(READY)
	$(BIN)/python -m eval.critique_score
	$(BIN)/python -m eval.rewrite_score

retrieval-score: $(READY)
	$(BIN)/python -m eval.retrieval_score

# Builds what retrieval ships with, after the handbook or the ways people ask have changed.
retrieval: $(READY)
	$(BIN)/python -m eval.build_retrieval

# Trains the judge of single lines, after the rules, the phrase bank or the training lines have changed.
judge: $(READY)
	$(BIN)/python -m eval.build_judge --report

# Trains what advises how a rewrite begins, after its labels, the training lines, the rules, the judge or the words have changed.
adviser: $(READY)
	$(BIN)/python -m eval.build_adviser --report

ablation: $(READY)
	$(BIN)/python -m eval.ablation

# Embeds the words that the judge and retrieval know, after the training texts or the handbook have changed.
words: $(READY)
	$(BIN)/python -m eval.build_words

bench: $(READY)
	$(BIN)/python -m eval.bench
	$(BIN)/python -m eval.bench_model
	$(BIN)/python -m eval.bench_calls

# Pins every dependency for every platform, with hashes and no index address.
lock: $(READY)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --extra dev pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
