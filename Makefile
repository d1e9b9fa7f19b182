# The only door: CI calls the same recipes as people do. `make run` needs nothing but Python 3.11 and make.
#
#   make run [PEOPLE=20000] [SERVE=0] [HOME_DIR=var]   the main job, end to end, on an invented county; then the sites
#   make test                                          every test (as root it installs the browser and the Java they need)
#   make check                                         lint, format, types, import contracts
#   make faults | bench | docs | pictures              break things | measure | write out programmes | take pictures
#   make fuzz [JSON=file]                              malformed feeds, 10,000 files and 10,000 rows
#   make assets | clean                                rebuild CSS | tidy

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := run

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
HOME_DIR ?= var
SERVE ?= 1
PEOPLE ?=
TESTS ?= tests
# Tests that run at the same time, each share with a database of its own.
TOGETHER ?= 2

# uv does not read pip's configuration, so a mirror named there is handed over; where uv fails, pip does the same, slower.
define install
mirror="$${PIP_INDEX_URL:-$$($(BIN)/pip config get global.index-url 2>/dev/null || true)}"; \
if [ -n "$$mirror" ] && [ -z "$${UV_DEFAULT_INDEX:-}" ]; then export UV_DEFAULT_INDEX="$$mirror"; fi; \
$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) \
  || $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
endef

.PHONY: run test check faults fuzz bench bench-feeds bench-link bench-risk docs pictures assets clean browser java

run: .venv/.run .venv/.wherry
	$(BIN)/wherry demo --home $(HOME_DIR) $(if $(PEOPLE),--people $(PEOPLE)) $(if $(filter 0,$(SERVE)),--no-serve)

test: .venv/.test .venv/.wherry browser java
	$(BIN)/pytest --numprocesses=$(TOGETHER) --dist=loadgroup $(TESTS)

faults: .venv/.test .venv/.wherry
	WHERRY_KILLS=1000 $(BIN)/pytest -m faults $(TESTS)
	$(BIN)/python -W ignore -m tests.faults.kills --each 10 --people 20000 --days 1 --together $(if $(JSON),--json $(JSON))

fuzz: .venv/.test .venv/.wherry
	WHERRY_REAL_SIZES=1 $(BIN)/pytest tests/faults/test_hostile_feeds.py
	$(BIN)/python -m tests.support.feed_fuzz --files 10000 --rows 10000 $(if $(JSON),--json $(JSON))

# Types are read through Django, which reads settings, which want a home: not the one with data in it.
check: export WHERRY_HOME := build/check
check: .venv/.test .venv/.wherry
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.test .venv/.wherry
	for script in benchmarks/pages.py benchmarks/linkage_accuracy.py; do echo "== $$script"; $(BIN)/python "$$script"; done

# Ten million rows need 8 GB of disk; less: make bench-feeds MORE="--rows 500000".
bench-feeds: .venv/.test .venv/.wherry
	$(BIN)/python benchmarks/feeds.py $(MORE)

# Ours beside Splink over everything, on 1.6 M records that are hard to link; smaller: MORE="--people 100000 --runs 1".
bench-link: .venv/.test .venv/.wherry
	$(BIN)/python benchmarks/linkage.py --end-to-end --write docs/reference/linkage_speed.md $(MORE)
	$(BIN)/python benchmarks/linkage_accuracy.py --write docs/reference/linkage_accuracy.md

# How much: make bench-risk MORE="--people 110000 --runs 1"; without MORE it takes 6 GB of disk and most of an hour.
bench-risk: .venv/.bench .venv/.wherry
	$(BIN)/python benchmarks/risk.py $(MORE)

# Every programme in plain words, for readers without a terminal; and the reference the source writes itself.
docs: .venv/.run .venv/.wherry
	mkdir -p build/docs
	for file in programmes/*/programme.yaml programmes/definitions/*/programme.yaml; do \
	  folder=$$(dirname "$$file"); \
	  $(BIN)/wherry programme show "$$folder" --format html > "build/docs/$$(basename "$$folder").html"; \
	done
	mkdir -p docs/reference && $(BIN)/python -m wherry.nonprod.reading_age > docs/reference/reading_age.md
	for name in $$($(BIN)/python -m wherry.nonprod.schemas); do \
	  $(BIN)/python -m wherry.nonprod.schemas $$name > schemas/$$name.schema.json; \
	done
	$(BIN)/python -m tests.spec.risk.tables > docs/reference/operators.md
	$(BIN)/python -m tests.spec.programmes.mistakes > docs/reference/planted_mistakes.md
	$(BIN)/python -m wherry.nonprod.triage_mutation.page > docs/reference/triage_mutation.md
	for page in commands feeds permissions risk_definition; do $(BIN)/python -m wherry.nonprod.reference $$page > docs/reference/$$page.md; done

# Walks the tutorial in a browser, on a county of its own, and takes its pictures anew.
pictures: .venv/.test .venv/.wherry browser
	$(BIN)/python docs/pictures.py

# The built files are in the package; only a change of look needs Node.
assets:
	cd web/assets && npm ci --ignore-scripts && npm run build

# Leaves the environment and the home with its data; ALL=1 takes those too.
clean:
	rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
	if [ "$${ALL:-0}" = 1 ]; then \
	  if [ -e $(BIN)/wherry ] && [ -e $(HOME_DIR) ]; then \
	    $(BIN)/python -c "import pathlib; from wherry.database.cluster import Cluster; Cluster(pathlib.Path('$(HOME_DIR)')).erase()"; \
	  fi; \
	  rm -rf .venv $(HOME_DIR); \
	fi

browser:
	if ! command -v chromium > /dev/null; then \
	  if [ "$$(id -u)" = 0 ]; then \
	    apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium fonts-noto-core; \
	  else \
	    echo "no chromium here: every browser journey will be skipped; install chromium and fonts-noto-core to run them"; \
	  fi; \
	fi

java:
	if ! command -v java > /dev/null && [ -z "$${JAVA_HOME:-}" ]; then \
	  if [ "$$(id -u)" = 0 ]; then \
	    apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends openjdk-17-jre-headless; \
	  else \
	    echo "no Java here: what the spark engine says will not be tested; install Java 17 or later (openjdk-17-jre-headless)"; \
	  fi; \
	fi

# --- the environment: remade only when a requirements file changes ---
.venv/.made: requirements/build.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
	  || { echo "Python 3.11 is needed; name one with: make PYTHON=/path/to/python3.11"; exit 1; }
	[ -x $(BIN)/python ] || "$(PYTHON)" -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt
	touch $@

.venv/.run: .venv/.made requirements/run.txt
	@[ .venv/.test -nt requirements/run.txt ] || { $(call install,requirements/run.txt); }
	touch $@

.venv/.test: .venv/.made requirements/test.txt
	@$(call install,requirements/test.txt)
	touch $@

# What others' engines need to run beside ours; nothing else does.
.venv/.bench: .venv/.test requirements/bench.txt
	@$(call install,requirements/bench.txt)
	touch $@

.venv/.wherry: .venv/.made pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@
