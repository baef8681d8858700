-- What `up` and `sync` tell the receiver of each tenant; it can be written again.
CREATE TABLE standing (
  parent TEXT NOT NULL,
  stack TEXT NOT NULL,
  tenant TEXT NOT NULL,
  account_sid TEXT NOT NULL,
  document TEXT NOT NULL,
  commit_id TEXT,
  written_at TEXT NOT NULL,
  PRIMARY KEY (parent, stack, tenant)
);
CREATE INDEX standing_account ON standing (parent, account_sid);
-- Who does a job that one process alone does.
CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until TEXT NOT NULL
);
