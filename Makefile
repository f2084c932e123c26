# Doorward. `make serve` runs it, `make test` tries everything. Needs Python >= 3.11 with venv, make and git.

PORT ?= 6543
DATA ?= var
WORKERS ?= 2

BIN := .venv/bin
# Pyramid 2.1 still imports pkg_resources, which says so at each start
PYTHONQUIETLY := $(BIN)/python -W "ignore:pkg_resources is deprecated:UserWarning"
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check
CATALOGUES := $(wildcard locale/*.pot locale/*/LC_MESSAGES/*.po portal/language/pseudo.py)
PYTHONS := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python

# Each file in .venv/made/ says that one step is done; the step runs again when what it was made from changes.
MADE := .venv/made
RUN := $(MADE)/runtime $(MADE)/package $(MADE)/catalogues
DEVELOP := $(MADE)/test $(MADE)/package $(MADE)/catalogues

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help serve test check a11y bench faults fuzz catalogues routes gallery locks clean

help: ## say what can be made
	@sed -n 's/^\([a-z0-9]*\):.*## /  make \1\t/p' Makefile | expand -t 20

serve: $(RUN) ## run it on http://localhost:6543 (PORT=6543 DATA=var)
	@exec $(BIN)/doorward serve --data "$(DATA)" --port "$(PORT)"

test: $(DEVELOP) $(MADE)/clients $(MADE)/tools a11y/node_modules/made ## install what tests need, then run every check and test
	@$(MAKE) --no-print-directory check
	@exec $(BIN)/pytest -q -n $(WORKERS)

check: $(DEVELOP) ## style, types, layers; catalogue and list of routes up to date
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo
	$(PYTHONQUIETLY) -m portal.language.catalogues --check
	$(PYTHONQUIETLY) -m portal.app.routes --check
	$(PYTHONQUIETLY) -m portal.uploads.catalogue --check

a11y: $(DEVELOP) $(MADE)/tools a11y/node_modules/made ## run the page checkers only
	@exec $(BIN)/pytest -q -n $(WORKERS) tests/a11y

bench: $(DEVELOP) $(MADE)/peers ## measure pages, tokens, the index beside its peers, and whether times tell who has an account
	@$(PYTHONQUIETLY) -m tests.bench
	@$(PYTHONQUIETLY) -m tests.bench.tokens
	@$(PYTHONQUIETLY) -m tests.bench.index
	-@$(PYTHONQUIETLY) -m tests.bench.enumeration

faults: $(DEVELOP) ## kill the server at 200 moments of setting up and resetting an account, and look at what is left
	@exec $(PYTHONQUIETLY) -m tests.faults.crashes

fuzz: $(DEVELOP) $(MADE)/clients ## make and change archives at random for ten minutes (SECONDS=600) and see that the checks hold
	@exec $(PYTHONQUIETLY) -m tests.fuzz

catalogues: $(DEVELOP) ## extract the messages again, update and compile every catalogue
	$(PYTHONQUIETLY) -m portal.language.catalogues
	$(PYTHONQUIETLY) -m portal.uploads.catalogue
	$(BIN)/python -m portal.kernel.build

routes: $(DEVELOP) ## write docs/urls.md
	$(PYTHONQUIETLY) -m portal.app.routes

gallery: $(DEVELOP) $(MADE)/tools ## photograph every page, narrow and wide, light and dark, into a11y/gallery/
	$(PYTHONQUIETLY) -m a11y.gallery

locks: $(MADE)/test ## choose the versions of all dependencies anew
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	    pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	    pyproject.toml --group test --constraint requirements.lock --output-file requirements-test.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	    tests/clients/clients.in --output-file tests/clients/clients.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	    tests/bench/peers.in --output-file tests/bench/peers.lock

clean: ## remove what was made, but no data
	rm -rf .venv build dist doorward.egg-info a11y/node_modules .mypy_cache .pytest_cache .ruff_cache

$(MADE)/python:
	@for python in $(PYTHONS); do \
	    if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        echo "Making .venv with $$($$python --version)"; \
	        $$python -m venv .venv && mkdir -p $(MADE) && touch $@; exit; \
	    fi; \
	done; \
	echo "Doorward needs Python 3.11 or newer with its venv module. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
	exit 1

$(MADE)/runtime: requirements.lock $(MADE)/python
	@echo "Installing what Doorward needs, as locked in requirements.lock"
	@$(INSTALL) --require-hashes --no-deps -r requirements.lock
	@touch $@

$(MADE)/test: requirements-test.lock $(MADE)/runtime
	@echo "Installing what its tests need, as locked in requirements-test.lock"
	@$(INSTALL) --require-hashes --no-deps -r requirements-test.lock
	@touch $@

$(MADE)/package: pyproject.toml portal/kernel/build.py $(MADE)/runtime
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(MADE)/catalogues: $(CATALOGUES) $(MADE)/package
	@$(BIN)/python -m portal.kernel.build
	@touch $@

# The upload tools that people use, in an environment of their own: they need other versions than we do.
$(MADE)/clients: tests/clients/clients.lock $(MADE)/python
	@echo "Installing the upload tools, as locked in tests/clients/clients.lock"
	@$(BIN)/python -m venv --clear --without-pip .venv/clients
	@$(BIN)/pip --python .venv/clients/bin/python install --quiet --disable-pip-version-check \
	    --require-hashes --no-deps -r tests/clients/clients.lock
	@touch $@

$(MADE)/peers: tests/bench/peers.lock $(MADE)/python
	@echo "Installing the servers to compare with, as locked in tests/bench/peers.lock"
	@$(BIN)/python -m venv --clear .venv/peers
	@.venv/peers/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r tests/bench/peers.lock
	@touch $@

$(MADE)/tools: a11y/tools.sh $(MADE)/python
	@a11y/tools.sh
	@touch $@

a11y/node_modules/made: a11y/package-lock.json $(MADE)/tools
	@cd a11y && npm ci --silent
	@touch $@
