"""Sentry's symbolic at the same work: FILE LENGTH-OF-THE-MODULE. Prints JSON."""
import json
import random
import sys
import time

from symbolic.debuginfo import Archive


def timed(work):
    started = time.perf_counter()
    result = work()
    return result, (time.perf_counter() - started) * 1000


def build():
    return next(Archive.open(sys.argv[1]).iter_objects()).make_symcache()


symcache, build_ms = timed(build)
with open("/proc/self/status") as status:
    peak_mb = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
random.seed(1)
offsets = [random.randrange(int(sys.argv[2])) for _ in range(100_000)]
_, lookup_ms = timed(lambda: [symcache.lookup(offset) for offset in offsets])
try:
    from symbolic.cfi import CfiCache

    _, cfi_ms = timed(lambda: CfiCache.from_object(next(Archive.open(sys.argv[1]).iter_objects())))
except Exception:
    cfi_ms = None
print(
    json.dumps(
        {"ms": build_ms, "cfiMs": cfi_ms, "peakMb": peak_mb, "lookupUs": lookup_ms / 100}
    )
)
