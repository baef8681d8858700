"""FLOOR 3. The command line: one thin command a file, and the only place that prints and exits."""
