# They need only Python 3.11 or later. What each takes on two cores:
#   the first of them  about 40 seconds more, for .venv and the explorer
#   make run           10 seconds: builds, validates, asks, draws
#   make check-fast    50 seconds: lint, types, and the tests that start no program and write no file
#   make test          6 minutes: lint, types, the data, each command, page and route, the front end's own checks
#   make test-slow     10 minutes: what only a release needs, such as whole releases and the wheel in a fresh environment
#   make docs          20 seconds    make release  20 seconds  make screenshots  1 minute
# LOCKED=1 with any of them installs exactly the versions in requirements-dev.lock; make lock renews them.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

# Modules are compiled once: the tests start some hundred processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run release test tests test-slow check check-fast units lint lock docs notebooks screenshots clean

run: $(VENV)/ready
	$(BIN)/kgraph build --out dist/graph
	@echo
	$(BIN)/kgraph questions founders --graph dist/graph --format table
	@echo
	$(BIN)/kgraph questions signing-date --graph dist/graph --format table
	@echo
	$(BIN)/kgraph export turtle --graph dist/graph -o dist/sekg.ttl
	$(BIN)/kgraph picture --graph dist/graph -o dist/picture.html
	$(BIN)/kgraph report --graph dist/graph -o dist/report.md
	@echo
	@echo "Next: open dist/picture.html in a browser, read dist/report.md, or ask:"
	@echo "  $(BIN)/kgraph show \"Zioła Siedleckie\""
	@echo "  $(BIN)/kgraph questions"
	@echo "  $(BIN)/kgraph --help"

# The release of the data in dist/VERSION; say BASE_URL=https://… for where it will be, and PREVIOUS=dist/1.0.0 for what changed.
# CONTACT is whom people ask for corrections; only a trial at this machine's own address needs none.
VERSION ?= $(shell sed -n 's/^__version__ = "\(.*\)"/\1/p' kgraph/_version.py)
BASE_URL ?= http://127.0.0.1:8000/
CONTACT ?= $(if $(findstring //127.0.0.1,$(BASE_URL)),$(BASE_URL))
RELEASED = --base-url $(BASE_URL) $(if $(CONTACT),--contact $(CONTACT)) $(if $(PREVIOUS),--previous $(PREVIOUS))
release: $(VENV)/ready
	$(BIN)/kgraph release $(VERSION) --out dist/$(VERSION) $(RELEASED)
	$(BIN)/kgraph check --release dist/$(VERSION) $(if $(PREVIOUS),--previous $(PREVIOUS))
	@echo
	@echo "Next: python3 -m http.server --directory dist/$(VERSION)"

# Each worker runs whole files, in the order of tests/conftest.py.
PYTEST = pytest --dist loadfile --no-loadscope-reorder

# All checks. A test whose outside program is missing is skipped and names it; with KGRAPH_COMPLETE=1 it fails.
# Linters use one CPU: they run beside the tests.
test: $(VENV)/ready
	$(MAKE) --no-print-directory --jobs=2 lint tests

tests: $(VENV)/ready
	$(BIN)/kgraph check
	$(BIN)/$(PYTEST) --numprocesses auto -r fEs

check: test

# For the edit loop: no browser, no server, no other program, no file written. One worker per CPU: none waits.
check-fast: $(VENV)/ready
	$(MAKE) --no-print-directory --jobs=2 lint units

units: $(VENV)/ready
	$(BIN)/$(PYTEST) --numprocesses logical -m "not (browser or server or process or files or whole or release or slow or soak)"

test-slow: $(VENV)/ready
	$(BIN)/$(PYTEST) --numprocesses auto -r fEs -m slow tests

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# What the explorer is built from; a pull may change it.
EXPLORER = $(wildcard frontend/*.json frontend/*.ts frontend/*.html) $(shell find frontend/src frontend/public 2>/dev/null)
EXPLORER += $(wildcard frontend/notices/* frontend/scripts/notices.mjs kgraph/publish/templates/picture-notices.txt)
EXPLORER += $(wildcard kgraph/base/*.json kgraph/base/words/*/*.json)
# What its SBOM is made from.
EXPLORER += $(wildcard sbom.py requirements.lock kgraph/_version.py)

PIP = $(BIN)/pip install --quiet --disable-pip-version-check
UV = UV_SYSTEM_CERTS=1 $(BIN)/uv pip install --quiet --python $(BIN)/python --reinstall-package kgraph-social-economy

# uv installs with a tenth of pip's CPU time, and trusts the certificates of the system, as pip does. It reads no
# configuration of pip: where it fails, pip installs.
$(VENV)/ready: pyproject.toml hatch_build.py $(EXPLORER)
	$(PYTHON) -m venv $(VENV)
ifdef LOCKED
	$(PIP) --require-hashes --requirement requirements-dev.lock
	$(PIP) --no-deps --editable ".[dev]"
else
	{ $(PIP) --only-binary uv uv && $(UV) --editable ".[dev]"; } || $(PIP) --editable ".[dev]"
endif
	touch $@

# The newest versions within the ranges of pyproject.toml, with hashes: for using kgraph, and for working on it.
LOCK = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-config --generate-hashes
LOCK += --default-index https://pypi.org/simple --custom-compile-command "make lock" pyproject.toml
lock: $(VENV)/ready
	$(LOCK) --output-file requirements.lock
	$(LOCK) --extra dev --constraints requirements.lock --output-file requirements-dev.lock

# The documentation as a site in dist/docs, with the questions answered and the figure drawn from the data as it is.
docs: $(VENV)/ready
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict
	@echo
	@echo "Next: python3 -m http.server --directory dist/docs"

# The outputs of the notebooks, and docs/reference.md, from the data and the code as they are; tests compare them.
notebooks: $(VENV)/ready
	KGRAPH_NOTEBOOKS=1 $(BIN)/pytest -m "" tests/test_notebooks.py -k outputs
	PYTHONPATH=. $(BIN)/python docs/reference.py

# Each view in dist/screenshots, as the browser tests see it; docs/ keeps those that it shows.
screenshots: $(VENV)/ready
	mkdir -p dist/screenshots
	KGRAPH_SCREENSHOTS=dist/screenshots $(BIN)/pytest -m "" tests/test_browser.py -k each_view
	cp $(patsubst docs/%,dist/screenshots/%,$(wildcard docs/*-light.png)) docs

clean:
	rm -rf $(VENV) dist build kgraph-build
