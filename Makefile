# SPDX-License-Identifier: MIT
# Saggio's commands; `make` alone lists them. Each sets up what it needs (cmake/setup.sh) and is quick the second time.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
STUDY := experiments/studies/first.toml

.PHONY: help demo test slow build core peers bench format clean

help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 14

demo: build ## build, run a small ablation, print its table and where report, LaTeX table, plots and a picture of a graph are
	build/saggio run $(STUDY)
	build/saggio table $(STUDY)
	build/saggio report $(STUDY)
	@echo "what one of its runs thought:"
	@build/saggio view "$$(ls -d $${SAGGIO_RUNS:-runs}/first/*/graph | head -n 1)" --render $${SAGGIO_RUNS:-runs}/first/report/graph.png
	@echo "to turn it, ask it and see its proofs, in a window: build/saggio view"

test: configure ## build, then every test that is not slow
	cmake --build build
	ctest --preset default -j "$$(nproc)"

slow: configure ## build, then the slow tests: long runs, fuzzing, crashes
	cmake --build build
	ctest --preset slow

build: configure ## the programs, build/saggio and build/saggio-worker
	cmake --build build --target saggio saggio-worker

core: ## build and test what needs no LibTorch, in build/core
	@cmake/setup.sh build
	@cmake --preset core >build/core.log || { cat build/core.log; false; }
	cmake --build build/core
	ctest --preset core -j "$$(nproc)"

peers: ## the packages that tests/peers compares with, in .venv-peers
	@cmake/setup.sh build peers

bench: configure ## build and run the benchmarks
	cmake --build build
	@for bench in build/tests/*_bench; do echo "$$bench"; "$$bench"; done

format: ## clang-format on every tracked source
	@cmake/setup.sh format
	git ls-files -z '*.h' '*.cpp' '*.cu' | xargs -0 clang-format -i

clean: ## remove what was built; the environments (.venv*) and runs/ stay
	rm -rf build

.PHONY: configure
configure:
	@cmake/setup.sh build torch
	@cmake --preset default >build/configure.log || { cat build/configure.log; false; }
