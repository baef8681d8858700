"""Write the facts about the operations of the fake from Twilio's OpenAPI files: see README.md beside this file."""

import sys
from pathlib import Path

from extract import facts_of
from package import read_package
from render import render
from scope import RESOURCES


def main(arguments: list[str]) -> int:
    """Write the facts of one package to one file; exits with 1 and a sentence where that can't be."""
    if len(arguments) != 2:
        sys.stderr.write("Usage: python tools/twilio_facts PACKAGE FACTS.json\n")
        return 1
    source, target = map(Path, arguments)
    try:
        package = read_package(source, tuple(RESOURCES))
    except (LookupError, OSError) as error:
        sys.stderr.write(f"No facts were written from {source}: {error}\n")
        return 1
    target.write_text(render(facts_of(package)) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
