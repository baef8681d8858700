# Two commands matter: `make demo` shows what Tenantry does, `make check` proves that it does it.
SHELL := /bin/sh
UV_VERSION := 0.13.9
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
RUN := $(UV) run --frozen --all-extras

.PHONY: demo check format docs setup engine

setup: .venv/.ready engine

.uv/bin/uv:
	python3 -m venv .uv
	.uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.ready: pyproject.toml uv.lock $(if $(findstring .uv/,$(UV)),.uv/bin/uv)
	$(UV) sync --frozen --all-extras --quiet
	@touch $@

check: .venv/.ready
	$(RUN) ruff format --check --quiet .
	$(RUN) ruff check --quiet .
	$(RUN) mypy --no-error-summary
	$(RUN) pytest -q

format: .venv/.ready
	$(RUN) ruff format --quiet .
	$(RUN) ruff check --quiet --fix .
