# One door: `make check` formats nothing, it says what is wrong; CI runs the same.
PYTHON ?= python
export PYTHONUTF8 = 1

.PHONY: check format lint types contracts test kills fuzz fuzz-packages fuzz-imports flips revisions figures bench bench-export preparation lowest

check: lint types contracts test

format:
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

lint:
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .

types:
	$(PYTHON) -m mypy

contracts:
	$(PYTHON) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'

test:
	$(PYTHON) -m pytest -n auto

kills:  ## three hundred SIGKILLs at random moments of a sitting, and as many spread over every verb that writes
	KILLS=300 $(PYTHON) -m pytest tests/test_kills.py tests/test_kills_of_verbs.py

fuzz:  ## ten thousand banks that nobody would write, half an hour; FUZZ_SEED=N for others
	FUZZ=10000 $(PYTHON) -m pytest tests/test_fuzz.py

fuzz-packages:  ## five thousand spoilt packages of Anki, twenty minutes; FUZZ_SEED=N for others
	FUZZ_PACKAGES=5000 $(PYTHON) -m pytest tests/test_fuzz_packages.py

fuzz-imports:  ## five thousand spoilt .json, .db and .csv, some twenty minutes; FUZZ_SEED=N for others
	FUZZ_IMPORTS=5000 $(PYTHON) -m pytest tests/test_fuzz_imports.py

flips:  ## a thousand progress files with a flipped byte, a hole or a cut end, some twenty minutes; FUZZ_SEED=N for others
	FLIPS=1000 $(PYTHON) -m pytest tests/test_fuzz_flips.py

revisions:  ## after any change of questions/
	$(PYTHON) -m dlquiz.bank.revisions questions
	$(PYTHON) -m dlquiz.bank.schema > questions/schema.json

figures:  ## questions/media/: the SVGs, the same bytes each time, and the PNGs (apt install librsvg2-bin imagemagick fonts-liberation)
	$(PYTHON) docs/figures/figures.py
	$(PYTHON) docs/figures/rasters.py

bench:  ## what the README's figures come from: the start beside two peers, keys, and big banks and logs (some minutes)
	$(PYTHON) -m venv .venv-peers && .venv-peers/bin/python -m pip install -q $$($(PYTHON) -c 'from benchmarks import peers; print(peers.PINNED)')
	$(PYTHON) -m benchmarks.start --big --peers .venv-peers
	$(PYTHON) -m benchmarks.keys
	$(PYTHON) -m benchmarks.keys --cards 100000
	$(PYTHON) -m benchmarks.scale

bench-export:  ## 10,000 notes to a package, ours against genanki (pip install genanki==0.13.1)
	$(PYTHON) -m benchmarks.export

preparation:  ## fifteen days to an interview played through under a moved clock, some minutes (apt install faketime)
	$(PYTHON) -m benchmarks.preparation

lowest:  ## the tests with the lowest version of every direct dependency, in an environment of its own
	rm -rf .venv-lowest && $(PYTHON) -m venv .venv-lowest
	$(PYTHON) .ci/lowest > .venv-lowest/constraints.txt
	.venv-lowest/bin/python -m pip install -q -c .venv-lowest/constraints.txt -e '.[dev]'
	.venv-lowest/bin/python -m pytest -n auto
