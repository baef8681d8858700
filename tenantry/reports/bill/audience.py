"""For whom a bill is told."""

from typing import Literal

Audience = Literal["us", "customer"]
"""`us` has everything and says internal; `customer` has nothing of cost, margin, rule, category, SID or commit."""
