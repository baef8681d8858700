"""Caps, sweeps and what people did about caps, as text and JSON."""
