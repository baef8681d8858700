-- What came of a day's messages in an account, and how many errors it had: written once the day is settled, and before
-- the records of it are deleted. Counts that nobody could know are null, which is not 0.
CREATE TABLE health_days (
  parent TEXT NOT NULL,
  account_sid TEXT NOT NULL,
  tenant TEXT NOT NULL,
  day TEXT NOT NULL,
  messages BIGINT NOT NULL,
  delivered BIGINT NOT NULL,
  undelivered BIGINT NOT NULL,
  excluded BIGINT NOT NULL,
  errors BIGINT,
  throttled BIGINT,
  read_at TEXT NOT NULL,
  PRIMARY KEY (parent, account_sid, day)
);
