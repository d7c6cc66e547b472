"""A link between two network namespaces that delays packets and loses some of them.

usage: link.py NAMESPACE_A ADDRESS_A NAMESPACE_B ADDRESS_B DELAY_MS LOSS SEED PORT

The kernel's own way (netem) is a module that many machines lack; this forwards between two TUN devices. Each packet is
late by DELAY_MS, one of 1/LOSS is lost. SIGUSR1 cuts off the TCP port PORT, SIGUSR2 lets it through again. It prints
"ready", and at SIGTERM what it did.
"""
import collections
import fcntl
import os
import random
import selectors
import signal
import struct
import subprocess
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 1, 0x1000
TCP = 6
# A queue that is never full would only hide that somebody sends without end.
MOST_WAITING = 20_000

spaces = [(sys.argv[1], sys.argv[2]), (sys.argv[3], sys.argv[4])]
delay, loss, seed, port = float(sys.argv[5]) / 1000, float(sys.argv[6]), int(sys.argv[7]), int(sys.argv[8])
chance = random.Random(seed)
is_cut = False
told = collections.Counter()


def tun(number):
    """Opens a TUN device and puts it into its namespace; packets are read and written here all the same."""
    namespace, address = spaces[number]
    name = f"md{os.getpid() % 100000}-{number}"
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22s", name.encode(), IFF_TUN | IFF_NO_PI, b""))
    run = lambda *words: subprocess.run(["ip", *words], check=True)
    run("link", "set", name, "netns", namespace)
    run("-n", namespace, "address", "add", f"{address}/24", "dev", name)
    run("-n", namespace, "link", "set", "lo", "up")
    run("-n", namespace, "link", "set", name, "up")
    return device


def is_of_port(packet):
    if packet[0] >> 4 != 4 or packet[9] != TCP:
        return False
    head = (packet[0] & 15) * 4
    return port in struct.unpack_from(">HH", packet, head)


def cut(signum, _frame):
    global is_cut
    is_cut = signum == signal.SIGUSR1


def end(_signum, _frame):
    print(f"{told['passed']} packets passed, {told['lost']} lost by chance, {told['cut']} cut off", flush=True)
    os._exit(0)


signal.signal(signal.SIGUSR1, cut)
signal.signal(signal.SIGUSR2, cut)
signal.signal(signal.SIGTERM, end)
devices = [tun(0), tun(1)]
waiting = collections.deque()
selector = selectors.DefaultSelector()
for index, one in enumerate(devices):
    selector.register(one, selectors.EVENT_READ, devices[1 - index])
print("ready", flush=True)
while True:
    rest = max(0, waiting[0][0] - time.monotonic()) if waiting else None
    for key, _ in selector.select(rest):
        try:
            packet = os.read(key.fd, 65536)
        except BlockingIOError:
            continue
        if is_cut and is_of_port(packet):
            told["cut"] += 1
        elif chance.random() < loss or len(waiting) >= MOST_WAITING:
            told["lost"] += 1
        else:
            waiting.append((time.monotonic() + delay, key.data, packet))
    while waiting and waiting[0][0] <= time.monotonic():
        _, device, packet = waiting.popleft()
        try:
            os.write(device, packet)
            told["passed"] += 1
        except OSError:
            told["lost"] += 1
