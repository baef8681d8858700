"""`python -m tenantry.cli`: the command line where the console script is not on PATH."""

from tenantry.cli import main

main(prog_name="tenantry")
