"""Stands where a Python of ours stands, and lets a nursery (e2e_nursery.py) fork what that Python is started for.

It is the process that was started: it has the environment and the streams, it ends as the fork does, the fork ends as
soon as it is killed, and signals that ask to end are passed on. Without a nursery, or for anything else than a start
that a nursery knows, it becomes the Python that it stands for, `COLD` (or the console script, `COLD_COMMAND`).

Started by `python -I -S`, with modules of the interpreter alone, so that it costs a hundredth of a second.
"""

import _signal
import _socket
import marshal
import os
import sys

COLD = "@COLD@"
COLD_COMMAND = "@COLD_COMMAND@"
NURSERY = "E2E_NURSERY"
LONGEST = 1_000_000  # bytes of an order
SIZE_OF_A_DESCRIPTOR = 4
SECONDS_OF_A_WAIT = 1
DESCRIBE = "import platform, sys; print(sys.executable); print(platform.python_version())"
"""What the stand-in language host asks each Python, before a run and for its record alone."""
AT_START = ("PYTHON", "LC_", "LANG")
"""What Python looks at as it starts."""
FORKS_KNOW = ("PYTHONPATH",)
"""What forks look at themselves."""
FORWARDED = (_signal.SIGINT, _signal.SIGTERM)


def main() -> None:
    name, arguments = os.path.basename(sys.argv[0]), sys.argv[1:]  # noqa: PTH119
    address = os.environ.get(NURSERY)
    if address and arguments == ["-c", DESCRIBE]:
        os.write(1, f"{sys.argv[0]}\n{sys.version.split()[0]}\n".encode())
        os._exit(0)
    process = connect(address) if address and (name == "tenantry" or is_known(arguments)) else None
    if process is not None:
        order = (name, arguments, os.getcwd(), dict(os.environ))  # noqa: PTH109
        process.setsockopt(_socket.SOL_SOCKET, _socket.SO_SNDBUF, LONGEST)
        streams = b"".join(stream.to_bytes(SIZE_OF_A_DESCRIPTOR, sys.byteorder) for stream in range(3))
        process.sendmsg([marshal.dumps(order)], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
        if number := receive(process):
            end_as(int(number), process)
    cold = COLD_COMMAND if name == "tenantry" else COLD
    os.execv(cold, [cold, *arguments])


def starts_alike(environ, own):
    """Say whether Python starts alike with two environments."""
    names = {name for name in (*environ, *own) if name.startswith(AT_START) and name not in FORKS_KNOW}
    return all(environ.get(name) == own.get(name) for name in names)


def is_known(arguments):
    """Say whether Python is started for a program, a plugin, a policy pack or the stand-in language host."""
    words = [word for word in arguments if word not in ("-I", "-u")]
    match words:
        case ["-c", code, *_]:
            return "from tenantry.plugin.server import main" in code
        case ["-m", module, *_]:
            return module == "pulumi.policy"
        case [script, *_]:
            return script.endswith("/pulumi-language-python-exec") or "/../host-" in script
    return False


def connect(address):
    process = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
    try:
        process.connect(address)
    except OSError:
        return None
    return process


def receive(process):
    """Return the next message. A signal that comes just before the wait for it is handled when that wait times out."""
    process.settimeout(SECONDS_OF_A_WAIT)
    while True:
        try:
            return process.recv(64)
        except TimeoutError:
            continue


def end_as(number, process) -> None:
    """Wait for the end of a fork and end in the same way."""
    for signal in FORWARDED:
        _signal.signal(signal, lambda signal, _: os.kill(number, signal))
    code = int(receive(process) or 1)
    if code < 0:
        _signal.signal(-code, _signal.SIG_DFL) if -code != _signal.SIGKILL else None
        os.kill(os.getpid(), -code)
    os._exit(code)


if __name__ == "__main__":
    main()
