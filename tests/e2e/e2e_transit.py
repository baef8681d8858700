"""The transit engine of a Vault, which holds the key of the states of these tests, as gocloud.dev's hashivault asks it.

A passphrase would do as well, and `tenantry demo` has one, but Pulumi works a third of a second to make a key of it, in
each of its processes. The encryption of each secret is the same.
"""

from __future__ import annotations

import json
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

KEY = "hashivault://tenantry"
"""What `pulumi stack init --secrets-provider` takes."""
TOKEN = "hvs.transit"
PREFIX = "vault:v1:"


class Transit(BaseHTTPRequestHandler):
    """Encrypts by a prefix, so that what one worker's has encrypted that of another one decrypts."""

    def do_PUT(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        encrypted = {"ciphertext": f"{PREFIX}{body.get('plaintext')}"}
        decrypted = {"plaintext": body.get("ciphertext", "").removeprefix(PREFIX)}
        answer = {"/v1/transit/encrypt/tenantry": encrypted, "/v1/transit/decrypt/tenantry": decrypted}[self.path]
        is_allowed = self.headers.get("X-Vault-Token") == TOKEN
        text = json.dumps({"data": answer} if is_allowed else {"errors": ["permission denied"]}).encode()
        self.send_response(200 if is_allowed else 403)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@cache
def transit_variables() -> dict[str, str]:
    """Return the environment that leads Pulumi to the one of this process."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Transit)
    Thread(target=server.serve_forever, daemon=True).start()
    return {"VAULT_SERVER_URL": f"http://127.0.0.1:{server.server_port}", "VAULT_SERVER_TOKEN": TOKEN}
