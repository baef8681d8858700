"""What an `up` needs around its runs: what it is made from, and orphans of runs that did not end well."""
