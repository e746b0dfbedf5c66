"""Reads an event stream over a raw socket, connects anew with its cursor, and prints the data of every log event.

Usage: python-reader.py PORT TOKEN PATH
"""

import socket
import sys
import time

port, token, path = int(sys.argv[1]), sys.argv[2], sys.argv[3]
cursor = ""
while True:
    reader = socket.create_connection(("127.0.0.1", port))
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
    if cursor:
        head += f"Last-Event-ID: {cursor}\r\n"
    reader.sendall((head + "\r\n").encode())
    stream = reader.makefile("rb")
    while stream.readline() not in (b"\r\n", b""):
        pass
    fields = {}
    for line in stream:
        if line == b"\n":
            cursor = fields.get("id", cursor)
            if fields.get("event") == "log":
                print(fields["data"], flush=True)
            fields = {}
        elif line.endswith(b"\n"):
            name, _, value = line.decode().rstrip("\n").partition(": ")
            fields[name] = value
    reader.close()
    time.sleep(0.05)
