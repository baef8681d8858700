"""A store in a file, so that a fake goes on where it ended: all of it, its auth tokens and secrets included."""

import os
import pickle
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from faketwilio.store.request_log import RequestLog
from faketwilio.store.store import Store

HEADER = b"fake Twilio 1\n"
"""The first line of the file; its number grows when a store of this version can't be read by an older fake."""
OURS = "faketwilio"
ALLOWED = frozenset(
    {
        ("builtins", "set"),
        ("builtins", "frozenset"),
        ("collections", "Counter"),
        ("collections", "OrderedDict"),
        ("collections", "deque"),
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
        ("decimal", "Decimal"),
        ("random", "Random"),
        ("time", "time"),
    }
)
"""What a store is made of besides the classes of this package. A file that names anything else is refused."""


class NotSavedError(Exception):
    """A file that is no store of this version of the fake; the text names it and says what to do."""


def save(store: Store, path: Path) -> None:
    """Write the store, whole or not at all, readable by its owner alone; raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(HEADER)
            pickle.dump(store, file)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load(path: Path) -> Store:
    """Return the store of a file, with nothing in flight; raises NotSavedError and OSError."""
    content = path.read_bytes()
    if not content.startswith(HEADER):
        raise NotSavedError(f"{path} is no state of this fake; nothing was changed. Name another file, or remove it.")
    try:
        store = _Unpickler(BytesIO(content.removeprefix(HEADER))).load()
    except (pickle.UnpicklingError, AttributeError, EOFError, ImportError, KeyError, TypeError, ValueError) as error:
        raise NotSavedError(
            f"{path} can't be read: {error}. It is damaged, or of another version; nothing was changed. Remove it to "
            "begin anew."
        ) from error
    if not isinstance(store, Store):
        raise NotSavedError(f"{path} holds a {type(store).__name__}, not a store; nothing was changed.")
    store.request_log = RequestLog()
    return store


class _Unpickler(pickle.Unpickler):
    """Builds a store's own values and nothing else: a file must not be able to run anything."""

    def find_class(self, module: str, name: str) -> Any:
        is_ours = module.partition(".")[0] == OURS
        if (module, name) in ALLOWED or is_ours:
            found = super().find_class(module, name)
            if not is_ours or (isinstance(found, type) and found.__module__ == module):
                return found
        raise pickle.UnpicklingError(f"it names {module}.{name}, which no store has")
