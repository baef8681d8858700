"""A receiver that answers in a thread of the tests' own process."""

import asyncio
import socket
import threading

import uvicorn

from tenantry.receiver.application import make_application
from tenantry.receiver.settings import ReceiverSettings


class Served:
    """A receiver that answers in a thread of its own."""

    def __init__(self, settings: ReceiverSettings, root_path: str) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(256)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        app = make_application(lambda: settings)
        self.app = app
        self._server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, access_log=False, ws="none", lifespan="on", root_path=root_path)
        )
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with self._socket:
            asyncio.run(self._server.serve([self._socket]))

    def stop(self) -> None:
        """Stop as SIGTERM does: what was accepted is answered."""
        self._server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive()
