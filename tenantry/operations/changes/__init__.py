"""Changes as values: what happens to whom, grouped, with dangers, and what was said."""
