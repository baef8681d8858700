"""FLOOR 1. The ledger, and the only floor with a database: SQLite, or PostgreSQL for more than one machine.

Three classes of rows. *Readings* (usage) can be read again. *Facts* (statements, purchases, suspensions) can't: they
are written one transaction after the other, and each leaves an entry in the journal. *Standing* can be written again.

One SQL for both databases: what differs between them stands in `dialect.py`. Money is a whole number of 10⁻⁹ in
columns of 64 bits. Quantities (units, counts, minutes) are decimals as text, so that nothing is cut off. Instants are
text of one width in UTC, days are `YYYY-MM-DD`, documents are JSON as text, byte for byte.
"""
