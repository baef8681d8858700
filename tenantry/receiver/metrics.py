"""What a receiver counts, for Prometheus; never with a tenant's name, which would make a series for each."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Metrics:
    """The figures of one receiver."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "tenantry_receiver_requests", "Requests by outcome.", ["outcome"], registry=self.registry
        )
        self.seconds = Histogram(
            "tenantry_receiver_request_seconds", "Until the answer.", buckets=BUCKETS, registry=self.registry
        )
        self.queue = Gauge(
            "tenantry_receiver_queue", "Requests that wait to be checked or written.", registry=self.registry
        )
        self.tenants = Gauge("tenantry_receiver_tenants", "Tenants in the ledger.", registry=self.registry)
        self.tokens = Gauge("tenantry_receiver_tokens", "Auth tokens in memory.", registry=self.registry)
        self.events = Gauge(
            "tenantry_cap_events", "Triggers that fired, by status.", ["status"], registry=self.registry
        )
        self.accounts = Gauge(
            "tenantry_accounts_to_follow", "Accounts that do not yet follow the ledger.", registry=self.registry
        )
        self.notices = Gauge("tenantry_notices", "Notices by status.", ["status"], registry=self.registry)
        self.failures = Counter(
            "tenantry_receiver_failures", "Failed rounds of the threads.", ["job"], registry=self.registry
        )
        self.last_sweep = Gauge(
            "tenantry_last_sweep_timestamp_seconds", "End of the last sweep.", registry=self.registry
        )

    def text(self) -> bytes:
        """Return all figures in Prometheus's text format."""
        return generate_latest(self.registry)
