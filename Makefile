# Two commands matter: `make demo` shows what Tenantry does, `make check` proves that it does it.
# Both make what they need: uv, the virtual environment of uv.lock, the Pulumi engine.
SHELL := /bin/sh
UV := $(or $(shell command -v uv 2>/dev/null),$(CURDIR)/.uv/bin/uv)
RUN := $(UV) run --frozen --all-extras --quiet
# Pulumi's Python language host looks for uv on PATH.
export PATH := $(PATH):$(CURDIR)/.uv/bin
# Where byte code is not kept, each of Pulumi's Python processes compiles the Twilio SDK anew: 2 s of every command.
unexport PYTHONDONTWRITEBYTECODE

# Ours, and those that `tenantry init` writes. By name: both checkers look into .github alone.
WORKFLOWS := $(wildcard .github/workflows/*.yml tenantry/template/workflows/*.yml)

.PHONY: demo check lint test format docs soak bench engine

demo: .venv/.ready engine
	@$(RUN) tenantry demo

# Side by side: lint's longest part runs on one core, and tests wait for processes now and then.
check:
	@$(MAKE) --no-print-directory -j 2 lint test

lint: .venv/.ready
	$(RUN) ruff format --check --quiet .
	$(RUN) ruff check --quiet .
	$(RUN) mypy --no-error-summary
	MYPYPATH=policies $(RUN) mypy --strict --no-error-summary policies/rules.py policies/__main__.py
	@$(RUN) zizmor --offline --quiet --persona pedantic $(WORKFLOWS)
	@UV=$(UV) tools/actionlint/run $(WORKFLOWS)

# First a collection alone: it keeps the byte code of tests and packages, which four processes would each make.
test: .venv/.ready engine
	@$(RUN) pytest -q --collect-only >/dev/null || true
	$(RUN) pytest -q -n 4 --dist worksteal

format: .venv/.ready
	$(RUN) ruff format --quiet .
	$(RUN) ruff check --quiet --fix .

docs: .venv/.ready
	$(RUN) tenantry schema --write .
	$(RUN) python tools/fake/coverage.py
	$(RUN) python tools/fake/statements.py --write

# What takes hours: runs killed at any request, bad weather, random histories; and all of tests/e2e on PostgreSQL.
soak: .venv/.ready engine
	$(RUN) pytest -q -n 2 tests/e2e --backend postgres
	$(RUN) pytest -q -n 2 -m soak
	$(RUN) pytest -q -n 2 -m hypothesis --hypothesis-profile soak

bench: .venv/.ready engine
	$(RUN) python benchmarks/fleet.py
	$(RUN) python benchmarks/fleet_stacks.py
	$(RUN) python benchmarks/rotation.py --tenants 1000
	$(RUN) python benchmarks/fake.py
	$(RUN) python benchmarks/rating.py
	$(RUN) python benchmarks/statements.py
	$(RUN) python benchmarks/retention.py
	$(RUN) python benchmarks/receiver.py
	$(RUN) python benchmarks/receiver_fleet.py
	$(RUN) python benchmarks/receiver_outage.py
	$(RUN) python benchmarks/health.py
	$(RUN) python benchmarks/telemetry.py

# Pulumi from PATH, from the cache or by its own installer; where there is none of these, from its Go modules.
engine: .venv/.ready
	@UV=$(UV) tools/engine/build --refresh
	@$(RUN) python -m tenantry.engine >/dev/null 2>&1 || UV=$(UV) tools/engine/build

.venv/.ready: pyproject.toml uv.lock | $(UV)
	@$(UV) sync --frozen --all-extras --quiet
	@touch $@

$(CURDIR)/.uv/bin/uv:
	@python3 -m venv .uv
	@.uv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r tools/uv.txt
