"""Every figure, in the order in which it is shown: one literal registry."""

from tenantry.operations.health.figures.equipment import DRIFT, KEYS, SINKS, TRIGGER_LAG
from tenantry.operations.health.figures.figure import Figure
from tenantry.operations.health.figures.messages import DELIVERED, ERRORS, THROTTLED

FIGURES: tuple[Figure, ...] = (DELIVERED, ERRORS, THROTTLED, TRIGGER_LAG, KEYS, SINKS, DRIFT)
