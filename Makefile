# Everything a developer does with this repository. `make` alone lists it.
# PYTHON=/path/to/python3 chooses the interpreter; PORT=8080 the port of `make run`.

.POSIX:
.PHONY: help install run test lint format bench migration lock audit fuzz ship clean

BIN = .venv/bin
PORT = 8000
NAME =
UV = $(BIN)/uv
LOCK = $(UV) pip compile --universal --python-version 3.11 --generate-hashes --quiet \
	--custom-compile-command "make lock" $(LOCK_OPTIONS)
AUDIT = .venv/audit
FUZZ = .venv/fuzz
GRAPHIQL = api/graphiql/assets/licences.txt

help:
	@echo "make install   set up .venv with the locked packages, and GraphiQL's files where npm is there"
	@echo "make run       serve the sample content at http://127.0.0.1:$(PORT)/graphql"
	@echo "make test      run all tests on SQLite, then on PostgreSQL where a server answers"
	@echo "make lint      ruff, mypy, and the direction of imports"
	@echo "make format    let ruff write the code its way"
	@echo "make bench     measure, and print the tables of docs/performance.md"
	@echo "make migration NAME=what_changes   write a migration for both databases"
	@echo "make lock      choose the newest allowed packages (LOCK_OPTIONS=--upgrade) and pin them"
	@echo "make audit     look for known faults of the locked packages (asks the internet)"
	@echo "make fuzz      let Schemathesis make up operations for a running server, for two minutes"
	@echo "make ship      do what the image does, without Docker, and see whether it serves"
	@echo "make clean     delete what these commands made"

install: .venv/.installed $(GRAPHIQL)

run: install
	$(BIN)/quiet serve --sample --port $(PORT)

test: install
	$(BIN)/python -m tests.run_all

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.reading
	$(BIN)/python -m benchmarks.writing
	$(BIN)/python -m benchmarks.live

migration: install
	@test -n "$(NAME)" || { echo "Say what changes: make migration NAME=what_changes" >&2; exit 1; }
	$(BIN)/python -m migrations.generate "$(NAME)"

lock: .venv/.installed
	@test -x $(UV) || $(BIN)/pip install --quiet uv
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(LOCK) --no-annotate tests/clients/requirements.in -o tests/clients/requirements.lock
	$(LOCK) pyproject.toml --all-extras -c requirements-dev.lock -o deploy/requirements.lock
	$(LOCK) --group build -c requirements-dev.lock -o deploy/requirements-build.lock

# In an environment of its own: what it needs is none of the product's. It asks the index that pip is configured for.
audit: $(AUDIT)/bin/pip-audit
	@for lock in requirements-dev.lock deploy/requirements.lock; do \
		echo "$$lock"; \
		$(AUDIT)/bin/pip-audit --strict --disable-pip --require-hashes --requirement $$lock $(AUDIT_OPTIONS) || exit 1; \
	done

$(AUDIT)/bin/pip-audit: $(BIN)/python
	@$(BIN)/python -m venv $(AUDIT)
	@$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check 'pip-audit>=2.10,<3'

fuzz: install $(FUZZ)/bin/schemathesis
	$(BIN)/python -m tests.fuzzing.run $(FUZZ)/bin/schemathesis

$(FUZZ)/bin/schemathesis: $(BIN)/python
	@$(BIN)/python -m venv $(FUZZ)
	@$(FUZZ)/bin/python -m pip install --quiet --disable-pip-version-check 'schemathesis>=4.32,<5'

ship: $(BIN)/python
	@folder="$$(mktemp -d)" && chmod 755 "$$folder" && \
	PYTHON="$(BIN)/python" deploy/build.sh "$$folder/quiet" && deploy/check.sh "$$folder/quiet"; \
	status=$$?; rm -rf "$$folder"; exit $$status

clean:
	rm -rf .venv dist build api/graphiql/assets .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -rf .import_linter_cache screenshots
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@chosen="$(PYTHON)"; found=""; \
	for candidate in $${chosen:-python3 python3.13 python3.12 python3.11}; do \
		if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			found="$$candidate"; break; \
		fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Quiet Engine needs Python 3.11 or newer, and $${chosen:-python3} is not that." >&2; \
		echo "Install one, or name it: make install PYTHON=/path/to/python3.12" >&2; \
		exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$found cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
		exit 1; \
	fi; \
	echo "Making .venv with $$("$$found" --version)."; \
	"$$found" -m venv .venv

.venv/.installed: $(BIN)/python requirements-dev.lock pyproject.toml hatch_build.py
	@echo "Installing the locked packages into .venv; the first time takes a minute."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# A page without these files loads them from a CDN, so a machine without npm or a network goes on.
$(GRAPHIQL): $(BIN)/python api/graphiql/package-lock.json api/graphiql/third_party.py
	@$(BIN)/python -m api.graphiql.install || echo "Going on without GraphiQL's files."
