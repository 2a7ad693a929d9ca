# `make run` answers the Kremlin case, `make test` checks everything; both make their environment themselves.
# `make help` lists the rest.

# Which Python the environment is made with. Without it, an environment that is there is kept.
PYTHON ?= python3

VENV   := .venv
BIN    := $(VENV)/bin
ORACLE := .venv-oracle
PEERS  := .venv-peers
STAMPS := $(VENV)/stamps

# An environment knows the Python that it was asked for and the folder that it was made in (its scripts hold
# that folder, so they break when the clone is moved). Where either has changed, it is made anew.
ifneq ($(origin PYTHON),file)
  asked := $(shell cat $(STAMPS)/asked 2>/dev/null)
  ifneq ($(asked),$(PYTHON))
    stale := yes
  endif
endif
place := $(shell cat $(STAMPS)/place 2>/dev/null)
ifneq ($(place),$(CURDIR))
  stale := yes
endif

# $(call install,INTERPRETER,WHAT): uv where it could be had, else pip. Bytecode is made here, once, so that the first
# answer comes as fast as the second, also on machines that are set not to write any.
install = { $(BIN)/uv pip install --compile-bytecode --python $(1) $(2) \
	|| { echo "uv did not do it; pip installs instead" >&2; $(BIN)/python -m ensurepip >/dev/null \
		&& $(BIN)/python -m pip --python $(1) install $(2); }; }

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run setup dev oracle peers test lint format bench ui lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## set up what is needed to run, then solve the Kremlin case (PYTHON=python3.13 chooses another Python)
	$(BIN)/foederis solve kremlin

setup: $(STAMPS)/bytecode ## the environment with the run dependencies and the package itself

dev: $(STAMPS)/bytecode $(STAMPS)/dev ## the same and the tools for development

test: lint oracle ui/node_modules/.stamp ## lint, then all tests
	@if [ -f $(ORACLE)/stamp ]; then FOEDERIS_ORACLE_PYTHON="$(CURDIR)/$(ORACLE)/bin/python"; \
		export FOEDERIS_ORACLE_PYTHON; fi; \
	set -x; $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder $(TESTS)

lint: dev ## style, types, and who may import whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: dev ## put the code into the house's style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: dev peers ## speed against other solvers, start-up, memory: docs/benchmarks.md anew (SHORT=1: answers only)
	$(BIN)/python -m benchmarks $(if $(SHORT),--short)

ui: ui/node_modules/.stamp ## build the workbench's page into the package (needs node and npm)
	cd ui && npm run --silent check && npm run --silent build

# What the page is built and tested with. Without it those tests are skipped, by name.
ui/node_modules/.stamp: ui/package-lock.json
	@cd ui && { npm ci --silent && touch node_modules/.stamp; } \
		|| echo "no packages for the page: the tests that need them will be skipped" >&2

clean: ## remove everything that make, the build and the tests have made
	rm -rf $(VENV) $(ORACLE) $(PEERS) ui/node_modules build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# --- environments ------------------------------------------------------------------------------------------

ifdef stale
.PHONY: $(STAMPS)/venv
endif

get_uv := install --quiet --disable-pip-version-check --only-binary :all: -r requirements/uv.txt

$(STAMPS)/venv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) is not a Python 3.11 or newer; make PYTHON=python3.13 chooses another" >&2; exit 1; }
	$(PYTHON) -m venv --clear --without-pip $(VENV)
	@# The pip of the base Python is as good as one of our own and saves making it; some Pythons come without.
	@$(PYTHON) -m pip --python $(BIN)/python $(get_uv) 2>/dev/null \
		|| { $(BIN)/python -m ensurepip >/dev/null && $(BIN)/python -m pip $(get_uv); } \
		|| $(BIN)/python -c 'import ensurepip' \
		|| { echo "$(PYTHON) has neither pip nor ensurepip; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@mkdir -p $(STAMPS) && printf '%s\n' '$(PYTHON)' >$(STAMPS)/asked && printf '%s\n' '$(CURDIR)' >$(STAMPS)/place
	@touch $@

$(STAMPS)/run: $(STAMPS)/venv requirements/build.txt requirements/run.txt
	@$(call install,$(BIN)/python,--require-hashes -r requirements/build.txt -r requirements/run.txt)
	@touch $@

$(STAMPS)/project: $(STAMPS)/run pyproject.toml src/foederis/_version.py
	@$(call install,$(BIN)/python,--no-deps --no-build-isolation --editable .)
	@touch $@

# An editable install leaves this to the first start, and where none may be written to every start: 0.15 s of a check.
$(STAMPS)/bytecode: $(STAMPS)/project $(shell find src/foederis -name '*.py')
	@$(BIN)/python -m compileall -q src/foederis
	@touch $@

$(STAMPS)/dev: $(STAMPS)/run requirements/dev.txt
	@$(call install,$(BIN)/python,--require-hashes -r requirements/dev.txt)
	@touch $@

# The peers that tests compare with. Without them those tests are skipped, by name, and everything else still runs.
oracle: $(STAMPS)/venv ## an environment of its own for the programs that tests compare with
	@if [ ! -f $(ORACLE)/stamp ] || [ requirements/oracle.txt -nt $(ORACLE)/stamp ] || [ $(STAMPS)/venv -nt $(ORACLE)/stamp ]; then \
		$(BIN)/python -m venv --clear --without-pip $(ORACLE) \
		&& $(call install,$(ORACLE)/bin/python,--only-binary :all: --require-hashes -r requirements/oracle.txt) \
		&& $(ORACLE)/bin/python -c 'import prim, pygambit, SALib' \
		&& touch $(ORACLE)/stamp \
		|| { rm -rf $(ORACLE); echo "no environment for the oracles: the tests that need one will be skipped" >&2; }; \
	fi

# What the benchmark compares with. Without a peer its rows say so. sgamesolver is built here, which takes a C compiler.
peers: $(STAMPS)/venv ## an environment of its own for the solvers that the benchmark compares with
	@if [ ! -f $(PEERS)/stamp ] || [ requirements/peers.txt -nt $(PEERS)/stamp ] || [ $(STAMPS)/venv -nt $(PEERS)/stamp ]; then \
		$(BIN)/python -m venv --clear --without-pip $(PEERS) \
		&& $(call install,$(PEERS)/bin/python,--only-binary :all: --require-hashes -r requirements/peers.txt) \
		&& { $(call install,$(PEERS)/bin/python,--no-deps --no-build-isolation --require-hashes -r requirements/peers-built.txt) \
			|| echo "sgamesolver could not be built: the benchmark goes without it" >&2; } \
		&& touch $(PEERS)/stamp \
		|| { rm -rf $(PEERS); echo "no environment for the peers: the benchmark goes without them" >&2; }; \
	fi

# --- locked requirements -----------------------------------------------------------------------------------

# One file for every platform and every Python from 3.11 on, so that 3.11 gets the last JAX that it can and newer
# ones a newer one. Versions stay unless `make lock UPGRADE=1`. The files name no index: which one is used is
# the business of the machine.
compile = UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)

lock: $(STAMPS)/venv ## work out requirements/*.txt anew (UPGRADE=1 takes newer versions)
	$(compile) requirements/uv.in -o requirements/uv.txt
	$(compile) pyproject.toml -o requirements/run.txt
	$(compile) requirements/build.in -c requirements/run.txt -o requirements/build.txt
	$(compile) pyproject.toml requirements/dev.in -c requirements/run.txt -c requirements/build.txt -o requirements/dev.txt
	$(compile) requirements/oracle.in -o requirements/oracle.txt
	$(compile) requirements/peers.in -o requirements/peers.txt
	$(compile) --no-deps requirements/peers-built.in -o requirements/peers-built.txt
