# Every task of the repository. `make` or `make help` lists them.

PYTHON ?= python3
PORT ?= 8000
DATA_DIR ?= var
VENV ?= .venv

# Recipes are bash: plain, and stopped at the first failing command.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

bin := $(VENV)/bin
services_file := var/services.env
export PYTHON VENV

##@ Use it

.PHONY: demo
demo: runtime messages ## Start the sample city on http://localhost:PORT/ (PORT=8000, DATA_DIR=var); Ctrl-C ends all of it
	@mkdir -p "$(DATA_DIR)"
	@exec env JIYUE_ENV=demo DATA_DIR="$(DATA_DIR)" PORT="$(PORT)" $(bin)/python manage.py demo --port "$(PORT)"

.PHONY: demo-real
demo-real: runtime messages ## Merge the real old sites of REAL_DATA_DIR (../shared/data) into DATA_DIR/real, print the counts, serve them
	@mkdir -p "$(DATA_DIR)/real"
	@exec env JIYUE_ENV=demo DATA_DIR="$(DATA_DIR)/real" PORT="$(PORT)" $(bin)/python manage.py demo_real --port "$(PORT)"

.PHONY: messages
messages: runtime ## Compile the translations that changed
	@$(bin)/python deploy/compile_messages.py

##@ Check it

.PHONY: test
test: dev messages ## Everything that must hold: lint, layers, types, Django's checks, links, tests
	@.ci/test.sh

.PHONY: soak
soak: dev messages ## The long runs that `make test` leaves out
	@$(bin)/python -m pytest -m slow

.PHONY: bench
bench: dev messages ## Each benchmark; its last line is its ratio
	@for script in bench/bench_*.py bench/open_tenants.py; do echo "== $$script"; JIYUE_ENV=test $(bin)/python "$$script"; done

.PHONY: lint
lint: dev ## Style, names, security patterns, banned imports
	@$(bin)/ruff check .
	@$(bin)/ruff format --check .

.PHONY: layers
layers: dev ## Rooms import only the rooms below them
	@$(bin)/lint-imports --no-cache

.PHONY: types
types: dev ## Types, with Django's models known
	@JIYUE_ENV=test $(bin)/mypy

.PHONY: links
links: dev ## Links between the documents lead somewhere
	@$(bin)/python -m pytest -q tests/architecture/test_docs_links.py

.PHONY: minimal-root
minimal-root: ## Prove `make demo` and `make test` in a minimal Debian (as root; needs debootstrap)
	@deploy/minimal_root.sh

##@ Work on it

.PHONY: runtime
runtime: # the virtual environment with what the platform runs on
	@deploy/venv.sh $(VENV) requirements.txt

.PHONY: dev
dev: runtime ## Install the development requirements into .venv
	@deploy/venv.sh $(VENV) requirements-dev.txt

.PHONY: format
format: dev ## Bring the code into the common form
	@$(bin)/ruff check --fix .
	@$(bin)/ruff format .

.PHONY: requirements
requirements: dev ## Compile requirements*.in into files with hashes
	@for name in requirements requirements-dev; do \
	    $(bin)/uv pip compile $$name.in --output-file $$name.txt --quiet --universal --python-version 3.11 \
	        --generate-hashes --only-binary :all: --no-emit-index-url --custom-compile-command "make requirements"; \
	done

.PHONY: services-up
services-up: ## Start PostgreSQL and Redis for the tests (SERVICES="postgresql redis elasticsearch" for more)
	@deploy/services/up.sh $(services_file) $(SERVICES)

.PHONY: services-down
services-down: ## Stop them and remove their data
	@deploy/services/down.sh $(services_file)

.PHONY: clean
clean: ## Remove caches and compiled files; the demo's data in var stays
	@find . -path ./.venv -prune -o -type d -name __pycache__ -exec rm -rf {} +
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.PHONY: distclean
distclean: services-down clean ## Remove the virtual environment and the demo's data as well
	@rm -rf $(VENV) var

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } \
	    /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	    /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
