-- What is to be sent to the application of our user; the receiver sends it.
CREATE TABLE notices (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  audience TEXT NOT NULL CHECK (audience IN ('us', 'customer')),
  parent TEXT NOT NULL,
  stack TEXT NOT NULL,
  tenant TEXT,
  customer TEXT,
  payload TEXT NOT NULL,
  created_at TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'sent', 'dead')),
  attempts BIGINT NOT NULL,
  next_try TEXT NOT NULL,
  sent_at TEXT,
  last_error TEXT
);
CREATE INDEX notices_due ON notices (status, next_try);
