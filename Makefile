# Needs only make and Python 3.11 to 3.13 with venv; everything is installed below this folder.
PYTHON ?= python3
UV := var/uv/bin/uv
BIN := .venv/bin

# Keeps here what tools would write elsewhere, and keeps out the caller's Airflow, Python and pytest settings.
export TMPDIR := $(CURDIR)/var/tmp
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/.venv
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PYTEST_ADDOPTS

ONLY ?=
SEED ?=
ARGS ?=
ARTICLES ?=
PAGES ?=
UPDATE ?=
WORKERS ?=

.DEFAULT_GOAL := help
.PHONY: help install run sql test test-nightly chaos fidelity hostile bench bench-large bench-quick lint docs up up-many down status airflow units clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

install: .venv/installed ## Install everything into .venv

.venv/installed: pyproject.toml uv.lock bin/uv.txt
	@mkdir -p var/tmp
	@test -x $(UV) -a $(UV) -nt bin/uv.txt || { $(PYTHON) -m venv var/uv && $(UV:uv=pip) install --quiet \
		--disable-pip-version-check --only-binary :all: --require-hashes -r bin/uv.txt && touch $(UV); }
	@# Else every process compiles what it imports, where PYTHONDONTWRITEBYTECODE is set or the folder is read-only.
	$(UV) sync --frozen --quiet --compile-bytecode --python $(PYTHON)
	@$(BIN)/python -m compileall -q etl broadsheet_airflow dags bin
	@touch $@

run: install ## Ingest what is new through the DAG, and publish it
	@$(BIN)/python bin/run_dag.py

sql: install ## Open the published file in an SQL editor, read-only
	@published="$$($(BIN)/python -c 'from etl.settings import *; print(load_settings().published_folder)')/broadsheet.duckdb"; \
	test -e "$$published" || { echo "Nothing is published yet; begin with: make run" >&2; exit 1; }; \
	XDG_CACHE_HOME="$(CURDIR)/var/harlequin" XDG_DATA_HOME="$(CURDIR)/var/harlequin" \
		$(BIN)/harlequin --read-only "$$published"

test: install ## Run the tests
	$(BIN)/python -m pytest

test-nightly: install ## Run the tests that are too long for every change
	$(BIN)/python -m pytest -m nightly

chaos: install ## Kill and break the real processes, and check that a rerun recovers (an hour)
	PYTHONPATH=tests:bin $(BIN)/python -m chaos --only "$(ONLY)" $(if $(SEED),--seed $(SEED))

fidelity: install ## Load the real dumps and compare them with what a person found in them
	$(BIN)/python benchmarks/fidelity.py

hostile: install ## Try every reader, container and a night with hostile dumps, corrupted samples and endless repetitions
	PYTHONPATH=. $(BIN)/python benchmarks/hostile.py
	PYTHONPATH=. $(BIN)/python benchmarks/hostile.py --night
	PYTHONPATH=. $(BIN)/python benchmarks/fuzz.py
	PYTHONPATH=. $(BIN)/python benchmarks/growth.py

COMPARISON := $(BIN)/python -m benchmarks.comparison

bench: install ## Compare the speed with other tools, and write docs/benchmarks.md (half an hour; ARTICLES=N, PAGES=FOLDER)
	$(COMPARISON) load $(if $(ARTICLES),--articles $(ARTICLES))
	$(COMPARISON) html $(if $(PAGES),--pages "$(PAGES)")
	$(COMPARISON) page

bench-large: install ## Measure a dump five times as large, and nights on top of it (an hour, 20 GB; ARTICLES=N)
	$(COMPARISON) scale $(if $(ARTICLES),--articles $(ARTICLES))
	$(COMPARISON) page

bench-quick: install ## Fail if loading became slower against DuckDB's own rate (two minutes; UPDATE=1 accepts it)
	$(COMPARISON) quick $(if $(UPDATE),--update)

lint: install ## Check style, types and generated pages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy etl broadsheet_airflow
	$(BIN)/broadsheet docs --check
	$(BIN)/python bin/dag_page.py --check
	$(COMPARISON) page --check

docs: install ## Write the generated pages
	$(BIN)/broadsheet docs
	$(BIN)/python bin/dag_page.py
	$(COMPARISON) page

up: install ## Start Airflow on 127.0.0.1
	@$(BIN)/python bin/local_airflow.py up

up-many: install ## Start it with Celery workers, PostgreSQL, Redis and an S3 server, all on 127.0.0.1 (WORKERS=N)
	@$(BIN)/python bin/local_airflow.py up-many $(WORKERS)

down: install ## Stop every process that `make up` or `make up-many` started
	@$(BIN)/python bin/local_airflow.py down

status: install ## Show whether Airflow is running
	@$(BIN)/python bin/local_airflow.py status

airflow: install ## Run Airflow's own command line here: make airflow ARGS="dags list"
	@$(BIN)/python bin/local_airflow.py airflow $(ARGS)

units: install ## Write units for systemd, and a file for logrotate
	@$(BIN)/python bin/units.py

clean: ## Remove everything installed or generated, including the warehouse
	@test ! -d var/airflow || $(BIN)/python bin/local_airflow.py down
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis
