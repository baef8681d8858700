"""What an `up` would do: for people, for pull requests and for programs."""
