"""Readers that behave badly, over raw sockets. Prints "ready" once all are open, then misbehaves until it is killed.

Usage: hostile-readers.py PORT TOKEN MODE COUNT

never-reads   asks for a stream and reads nothing of it
trickle-reads reads one byte a second
resets        resets the connection as soon as the head has come
half-closes   closes its own direction once the head has come
drops         COUNT connections in all, each left at once: with or without a request, closed or reset
"""

import socket
import struct
import sys
import time

port, token, mode, count = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
request = f"GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


def open_reader():
    reader = socket.socket()
    # Little room in the kernel, so that the hub feels it soon.
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader.connect(("127.0.0.1", port))
    return reader


def reset(reader):
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    reader.close()


def drop(index):
    reader = open_reader()
    if index % 4 >= 2:
        reader.sendall(request)
    if index % 8 == 3:
        reader.recv(64)
    if index % 2:
        reset(reader)
    else:
        reader.close()


if mode == "drops":
    for index in range(count):
        drop(index)
    print("ready", flush=True)
    sys.exit()

readers = [open_reader() for _ in range(count)]
for reader in readers:
    reader.sendall(request)
for reader in readers:
    reader.recv(1)
print("ready", flush=True)
if mode == "resets":
    for reader in readers:
        reset(reader)
if mode == "half-closes":
    for reader in readers:
        reader.shutdown(socket.SHUT_WR)
while True:
    time.sleep(1)
    if mode == "trickle-reads":
        for reader in readers:
            try:
                reader.recv(1, socket.MSG_DONTWAIT)
            except OSError:
                pass
