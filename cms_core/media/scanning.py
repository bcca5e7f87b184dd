"""Asks clamd (ClamAV's daemon) about a file, where one is configured.

The protocol is the INSTREAM command: pieces with their length before them, an empty piece at the end,
one line of answer. Where a scanner is configured and does not answer, the file is not taken: a scanner
that can be made to fail would be none.
"""

import socket
import struct
from typing import IO

from django.conf import settings

#: Seconds for each step; clamd needs about 0.1 s a megabyte.
TIMEOUT = 30
_PIECE = 1 << 16


class ScannerAway(Exception):
    """The configured scanner gave no answer that could be understood."""


def is_configured() -> bool:
    return bool(settings.CLAMD_SOCKET)


def find_malware(stream: IO[bytes]) -> str:
    """The name of what was found in ``stream``, or "". The stream is left at its start.

    :raises ScannerAway: no scanner answered.
    """
    stream.seek(0)
    try:
        with _connect(settings.CLAMD_SOCKET) as connection:
            connection.sendall(b"zINSTREAM\0")
            while piece := stream.read(_PIECE):
                connection.sendall(struct.pack("!L", len(piece)) + piece)
            connection.sendall(struct.pack("!L", 0))
            answer = _answer(connection)
    except OSError as error:
        raise ScannerAway(str(error)) from error
    finally:
        stream.seek(0)
    text = answer.strip(b"\0\r\n ").decode("utf-8", "replace")
    if text == "stream: OK":
        return ""
    if text.endswith(" FOUND"):
        return text.removeprefix("stream: ").removesuffix(" FOUND")[:100]
    raise ScannerAway(text[:200])


def _connect(address: str) -> socket.socket:
    """A path is a socket file; ``host:port`` is TCP."""
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(TIMEOUT)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=TIMEOUT)


def _answer(connection: socket.socket) -> bytes:
    answer = b""
    while len(answer) < 4096 and b"\0" not in answer:
        piece = connection.recv(1024)
        if not piece:
            break
        answer += piece
    return answer
