"""What an `up` did: for people, for a job's summary and for programs."""
