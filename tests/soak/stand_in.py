"""Stands in for Python in a soak: hands arguments, environment and the three streams to the nursery.

It ends as its child does. `stand_in.c` does the same, in a tenth of the time.
"""

import _socket
import posix  # not os, which would take longer to read than all the rest
import sys

nursery = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
nursery.connect(sys.argv[0].rpartition("/")[0] + "/nursery")  # it lies beside this
arguments = [word.encode("utf-8", "surrogateescape") for word in sys.argv[1:]]
words = [posix.getcwdb(), b"%d" % len(arguments), *arguments, *(b"%s=%s" % pair for pair in posix.environ.items())]
said = b"".join(word + b"\0" for word in words)
said = len(said).to_bytes(4, "big") + said
streams = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
sent = nursery.sendmsg([said], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
nursery.sendall(said[sent:])
posix._exit((nursery.recv(4) or b"\1")[-1])
