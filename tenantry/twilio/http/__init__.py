"""Calls on the wire: transport, retry policy, concurrency limiter, circuit breaker, metrics."""
