# Torchloom: `make run` opens the program, `make test` checks everything. Both set up .venv first.

VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/ready
# The first Python from 3.11 to 3.13 on the path; `make PYTHON=/path/to/python run` takes another.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& echo $$p && break; done)

.PHONY: run test test-slow lint bench pictures golden scenes tour clean

run: $(READY)
	@if $(PY) -c 'import sys; from app.display import has_display; sys.exit(not has_display())'; \
	then exec $(PY) -m app assets/examples/digits-cnn.loom; \
	else exec $(PY) -m app demo --out out; fi

test: $(READY) lint
	QT_QPA_PLATFORM=offscreen $(PY) -m pytest -n 2 --dist loadfile

test-slow: $(READY)
	QT_QPA_PLATFORM=offscreen $(PY) -m pytest -m slow --timeout 1800 -n 2

lint: $(READY)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

bench: $(READY)
	@for name in inference startup canvas gestures peers training trainers models giant checkpointing runs; do $(PY) -m benchmarks.$$name || exit 1; done
	$(PY) -m benchmarks.gestures --width 3840 --height 2160

pictures: $(READY)
	$(PY) -m app demo --out out --theme dark && cp out/window.png assets/pictures/window-dark.png
	$(PY) -m app demo --out out --theme light && cp out/window.png assets/pictures/window-light.png
	$(PY) -m app.gallery_page
	$(PY) -m app.following

golden: $(READY)
	$(PY) -m tests.backends.pytorch.listings

scenes: $(READY)
	QT_QPA_PLATFORM=offscreen $(PY) -m tests.app.canvas.scenes

tour: $(READY)
	QT_QPA_PLATFORM=offscreen $(PY) -m tests.tour

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Torchloom needs Python 3.11, 3.12 or 3.13; none is on the path."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	echo "Python's venv is missing; on Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }
	$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
