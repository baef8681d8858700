"""FLOOR -1. OpenTelemetry, where the usual OTEL_* variables are set; nothing is imported otherwise."""
