"""A port that takes no connection: its queue holds one, which fills it. What comes then is dropped, as a firewall would drop it."""
import socket
import sys

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(0)
fillers = []
for _ in range(4):
    filler = socket.socket()
    filler.setblocking(False)
    filler.connect_ex(listener.getsockname())
    fillers.append(filler)
print(listener.getsockname()[1], flush=True)
sys.stdin.read()
