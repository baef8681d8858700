-- Which migrations a ledger has, its own name, and one entry for each write of facts.
CREATE TABLE migrations (
  number BIGINT PRIMARY KEY,
  name TEXT NOT NULL,
  checksum TEXT NOT NULL,
  program TEXT NOT NULL,
  at TEXT NOT NULL
);
CREATE TABLE identity (
  only_row BIGINT PRIMARY KEY CHECK (only_row = 1),
  id TEXT NOT NULL,
  at TEXT NOT NULL
);
-- Each head is a digest of the head before it and of the entry, so a head that was noted down can be looked for.
CREATE TABLE journal (
  number BIGINT PRIMARY KEY,
  what TEXT NOT NULL,
  ref TEXT NOT NULL,
  digest TEXT NOT NULL,
  head TEXT NOT NULL,
  at TEXT NOT NULL
);
