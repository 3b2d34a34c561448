"""Answers as they come over a bare connection."""

import socket


def answer_begun(link: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Status, headers, and as much of the body as came with them."""
    whole = b""
    while b"\r\n\r\n" not in whole:
        part = link.recv(65536)
        assert part, whole
        whole += part
    head, _, body = whole.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(first.split(" ")[1]), headers, body
