"""Suspending a tenant for a reason, and lifting one: reasons are facts of the ledger, the account follows them."""
