# `make` sets up what is missing, builds, and evaluates a recipe; `make help` lists the rest.

RECIPE ?= recipes/mapbbr3-confined-itc.yaml

# The same flags everywhere, so that no goal rebuilds what another has built.
FLAGS = -c release --explicit-target-dependency-import-check error

.PHONY: evaluate build test validate bench emulator clean help
.NOTPARALLEL:
.DEFAULT_GOAL := evaluate

# Standard output carries the result alone; what setting up and building say goes to standard error.
evaluate: build
	@.build/release/boule evaluate "$(RECIPE)"

build:
	@.make/set-up build >&2
	@swift build $(FLAGS) --product boule >&2

test:
	@.make/set-up test >&2
	@.make/run-tests $(FLAGS)

validate:
	@.make/set-up test >&2
	@BOULE_VALIDATE=1 .make/run-tests $(FLAGS) --filter ValidationTests

bench:
	@.make/set-up bench >&2
	@swift build $(FLAGS) --product Benchmarks >&2
	@.build/release/Benchmarks

# Goes on where it was stopped: every finished state is a line of the table.
emulator:
	@.make/set-up build >&2
	@swift build $(FLAGS) --product Calibration >&2
	@.build/release/Calibration

clean:
	rm -rf .build .venv .venv-bench

help:
	@echo "make            set up what is missing, build, evaluate $(RECIPE)"
	@echo "make RECIPE=R   the same with recipe R"
	@echo "make build      set up and build the boule command alone: .build/release/boule"
	@echo "make test       set up what tests need too, check the imports, run every test"
	@echo "make validate   the validation tests in their long form"
	@echo "make bench      the benchmarks, beside a published solver"
	@echo "make emulator   the compact level of vacancy devices from the resolved one, every family: data/emulators, some minutes"
	@echo "make clean      remove what was built and the Python environments; results stay"
