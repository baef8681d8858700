"""FLOOR 0. Text for people: counted words, suggestions, escaping, redaction, Markdown. Imports nothing of ours."""
