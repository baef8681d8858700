"""From usage and terms to statements. Rating is pure: it reads no file, no clock, no network."""
