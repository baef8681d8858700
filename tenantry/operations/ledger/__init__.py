"""The ledger of a project: which one it is, who may write facts into it, and what a person does with it."""
