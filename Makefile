# Everything that a user or a contributor runs. The first `make lab` or `make test` needs a network to install from; after
# that nothing here does.

PYTHON ?= python3
LAB_FLAGS ?=
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
PYTEST = $(BIN)/python $(MEASURED) -m pytest -n $(WORKERS) --dist loadfile

# matplotlib's font cache lives with the environment: built once, whatever the home folder.
export MPLCONFIGDIR := $(CURDIR)/$(VENV)/matplotlib
# Compiled files are kept, also for a user who keeps none elsewhere: every script that a test starts would compile them anew.
export PYTHONDONTWRITEBYTECODE :=
# Deno, which checks the scripts of the pages, keeps its own files there too and never looks for a newer one.
export DENO_DIR := $(CURDIR)/$(VENV)/deno
export DENO_NO_UPDATE_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help lab test test-all test-lowest fuzz lock pictures notebooks stories site check bench wheel clean
.DELETE_ON_ERROR:

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

lab: $(VENV)/lab.stamp  ## open JupyterLab at the first notebook (more options: LAB_FLAGS="--port 9999")
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/notebooks/00-start-here.ipynb \
		--LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate \
		--LabApp.extension_manager=readonly $(if $(filter 0,$(shell id -u)),--allow-root) $(LAB_FLAGS)

test: $(VENV)/dev.stamp  ## run the tests that a change needs: a few minutes
	$(PYTEST) -m "not slow"

# The same tests, then the rest: properties on more worlds, browser, notebooks, wheel. What the two runs executed is added up.
test-all: MEASURED = -m coverage run
test-all: $(VENV)/dev.stamp  ## run every test, with the coverage: before a merge
	$(BIN)/python -m coverage erase
	$(MAKE) test MEASURED="$(MEASURED)"
	HYPOTHESIS_PROFILE=thorough $(PYTEST) -m "slow or property"
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

# In an environment of its own. Whoever changes a bound in pyproject.toml runs it; .ci/run does not.
test-lowest: $(VENV)/release.stamp  ## run the everyday tests on the oldest versions that are allowed
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python build/lowest
	$(BIN)/uv pip install --quiet --python build/lowest --resolution lowest-direct --editable ".[lab]" --group test
	build/lowest/bin/python -m pytest -n $(WORKERS) --dist loadfile -m "not slow"

# Random inputs to every door; what fails is kept in build/fuzz. Not part of the tests: each seed asks something else.
fuzz: INPUTS ?= 2000
fuzz: SEED ?= 0
fuzz: $(VENV)/dev.stamp  ## ask every door with random inputs (INPUTS=100000 SEED=7)
	PYTHONPATH=tests $(BIN)/python -m fuzz --inputs $(INPUTS) --seed $(SEED)

# Hashes and no addresses, so that any index serves it: pip install --require-hashes -r requirements.lock
lock: $(VENV)/release.stamp  ## write requirements.lock, the exact environment of a release
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate --extra lab --output-file requirements.lock pyproject.toml

pictures: $(VENV)/dev.stamp  ## draw docs/pictures anew, and write docs/gallery.md
	$(BIN)/python docs/build/pictures.py

notebooks: $(VENV)/lab.stamp  ## run every notebook and write build/notebooks/*.html
	$(BIN)/python docs/build/notebooks.py

stories: $(VENV)/lab.stamp  ## write build/stories/*.html, each in one file
	for script in stories/*.py; do $(BIN)/python $$script build/$${script%.py}.html || exit 1; done

site: $(VENV)/dev.stamp notebooks stories  ## write build/site: start page, gallery, docs, reference, notebooks, stories; needs no network to read
	$(BIN)/python docs/build/website.py

check: $(VENV)/dev.stamp  ## check formatting, lint, types (scripts too), tables and that notebooks hold no output
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/deno lint --quiet
	$(BIN)/deno check --quiet --no-remote --no-npm conflictkit/web tests/web docs/template/offline/page.js
	$(BIN)/python -m conflictkit check
	$(BIN)/python data/build/datapackage.py --check
	$(BIN)/nbstripout --keep-id --verify notebooks/*.ipynb

bench: $(VENV)/dev.stamp  ## run the benchmarks and print their ratios
	@missed=0; for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || missed=1; done; exit $$missed

wheel: $(VENV)/dev.stamp  ## build dist/*.whl
	$(BIN)/python -m build --wheel --no-isolation

clean:  ## remove what was built; the environment stays
	rm -rf build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache

# A stamp is older than pyproject.toml only when something has to be installed: other runs leave the network alone.
$(VENV)/lab.stamp: pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV): a few hundred MB, once."
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[lab]"
	@mkdir -p $(VENV)/share/jupyter/lab/settings
	@echo '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}' \
		> $(VENV)/share/jupyter/lab/settings/overrides.json
	@$(BIN)/python -c "import matplotlib.font_manager"
	@touch $@

$(VENV)/dev.stamp: $(VENV)/lab.stamp
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@

$(VENV)/release.stamp: $(VENV)/dev.stamp
	$(BIN)/python -m pip install --quiet --group release
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "conflictkit needs Python 3.11 or newer. Name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make environments. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
