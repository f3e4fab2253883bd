#!/usr/bin/env python3
# Times new TCP connections from one network namespace to another, for connect.ts.
"""usage: connect.py serve PORT | connect.py ask ADDRESS PORT TIMES

serve answers until its standard input ends; ask prints the median of TIMES new connections in microseconds.
In Python because a blocking connect() is what is to be timed; Node's own event loop costs more than the firewall does.
"""
import select, socket, statistics, sys, time

if sys.argv[1] == "serve":
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0", int(sys.argv[2])))
    listener.listen(1024)
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            break
        listener.accept()[0].close()
else:
    address, port, times = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    took = []
    until = time.monotonic() + 10
    while True:  # the server may not stand yet
        try:
            socket.create_connection((address, port), 1).close()
            break
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
    for _ in range(times + 30):
        client = socket.socket()
        client.settimeout(2)
        began = time.perf_counter()
        client.connect((address, port))
        took.append(time.perf_counter() - began)
        client.close()
    print(statistics.median(took[30:]) * 1e6)
