"""The process that forks: it takes an order from each connection, and ends a fork whose connection ends.

An order is a message of three file descriptors, for the streams, and what `e2e_nursery_fork.become` takes. The answers
are the process id of the fork, and how it ended; or nothing at once, where Python would start in another way.
"""

from __future__ import annotations

import marshal
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress

from e2e_nursery_door import LONGEST, starts_alike
from e2e_nursery_fork import become, prepare

LIFELINE = 0
"""The file descriptor whose end means that the tests have ended."""
STREAMS = 3
MOST_DESCRIPTORS = 4096


class Server:
    """Serves the connections of a listening socket until the tests end."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ, self._accept)
        self._selector.register(LIFELINE, selectors.EVENT_READ, lambda: os._exit(0))

    def run(self) -> None:
        while True:
            for key, _ in self._selector.select():
                if key.fd in self._selector.get_map():  # not one that the event before has closed
                    key.data()

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        connection.setblocking(True)
        message, streams, _, _ = socket.recv_fds(connection, LONGEST, STREAMS)
        if not message:
            connection.close()
            return
        name, arguments, folder, environ = marshal.loads(message)
        if starts_alike(environ, os.environ):
            self._fork(connection, streams, (name, arguments, folder, environ))
        else:
            connection.close()
        for stream in streams:
            os.close(stream)

    def _fork(self, connection: socket.socket, streams: list[int], order: tuple[str, list[str], str, dict]) -> None:
        process = os.fork()
        if process == 0:
            for number, stream in enumerate(streams):
                os.dup2(stream, number)
            os.closerange(STREAMS, MOST_DESCRIPTORS)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            become(*order)
        ended = os.pidfd_open(process)

        def tell_end() -> None:
            _, status = os.waitpid(process, 0)
            with suppress(OSError):
                connection.send(str(os.waitstatus_to_exitcode(status)).encode())
            for key in (ended, connection):
                with suppress(KeyError):
                    self._selector.unregister(key)
            os.close(ended)
            connection.close()

        def kill() -> None:
            self._selector.unregister(connection)
            os.kill(process, signal.SIGKILL)  # not waited for yet, so its number is no other's

        self._selector.register(ended, selectors.EVENT_READ, tell_end)
        self._selector.register(connection, selectors.EVENT_READ, kill)
        with suppress(OSError):
            connection.send(str(process).encode())


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests, which end us
    prepare()
    Server(socket.socket(fileno=int(sys.argv[1]))).run()
