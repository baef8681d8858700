"""FLOOR 0. Text: counting, naming some of many, colours, lines that fit a terminal. Imports nothing of ours."""
