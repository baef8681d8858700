"""The policy pack: `pulumi preview --policy-pack policies`. Its rules are those of rules.py."""

import os
from datetime import UTC, datetime
from pathlib import Path

from tenantry.policies.pack.program import run

# This starts a server and does not return.
run(Path(__file__).absolute().parents[1], os.environ, datetime.now(UTC).date())
