# make run: build, validate, ask, draw.  make test: all checks.  Both need only Python 3.11 or later.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
TEXTS = $(foreach text,$(wildcard texts/*.txt),--text $(text))

.PHONY: run test check screenshots clean

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

test: check

check: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/kgraph check $(TEXTS)
	$(BIN)/pytest

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[dev]"
	touch $@

# The pictures of docs/, taken by the browser tests.
screenshots: $(VENV)/ready
	KGRAPH_SCREENSHOTS=docs $(BIN)/pytest tests/test_browser.py -k each_view

clean:
	rm -rf $(VENV) dist build kgraph-build
