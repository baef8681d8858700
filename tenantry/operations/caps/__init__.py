"""Caps that hold: what fired is decided in the ledger, accounts follow, and the next period lifts it again."""
