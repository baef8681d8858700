"""Who may do what, for people, for code scanners, for workflows and for programs."""
