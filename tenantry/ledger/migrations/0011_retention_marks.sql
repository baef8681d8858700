-- How far the job has come, for each tenant. Without a mark it only looks at more than it had to.
CREATE TABLE retention_marks (
  parent TEXT NOT NULL,
  tenant TEXT NOT NULL,
  mark TEXT NOT NULL,
  value TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (parent, tenant, mark)
);
