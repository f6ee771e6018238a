# make run: build, validate, ask, draw.  make test: all checks.  make docs: the documentation.  They need only Python 3.11 or later.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: run release test check docs screenshots clean

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
VERSION ?= $(shell sed -n 's/^__version__ = "\(.*\)"/\1/p' kgraph/_version.py)
BASE_URL ?= http://127.0.0.1:8000/
release: $(VENV)/ready
	$(BIN)/kgraph release $(VERSION) --out dist/$(VERSION) --base-url $(BASE_URL) $(if $(PREVIOUS),--previous $(PREVIOUS))
	$(BIN)/kgraph check --release dist/$(VERSION) $(if $(PREVIOUS),--previous $(PREVIOUS))
	@echo
	@echo "Next: python3 -m http.server --directory dist/$(VERSION)"

test: check

check: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/kgraph check
	$(BIN)/pytest --numprocesses auto --dist loadfile

# What the explorer is built from; a pull may change it.
EXPLORER = $(wildcard frontend/*.json frontend/*.ts frontend/*.html) $(shell find frontend/src frontend/public 2>/dev/null)
EXPLORER += $(wildcard kgraph/base/*.json kgraph/base/words/*/*.json)

$(VENV)/ready: pyproject.toml hatch_build.py $(EXPLORER)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[dev]"
	touch $@

# The documentation as a site in dist/docs, with the questions answered and the figure drawn from the data as it is.
docs: $(VENV)/ready
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict
	@echo
	@echo "Next: python3 -m http.server --directory dist/docs"

# The pictures of docs/, taken by the browser tests.
screenshots: $(VENV)/ready
	KGRAPH_SCREENSHOTS=docs $(BIN)/pytest tests/test_browser.py -k each_view

clean:
	rm -rf $(VENV) dist build kgraph-build
