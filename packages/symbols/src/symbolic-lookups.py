"""Looks addresses up in a symbol file with symbolic's symcache, for symbolic.conformance.test.ts.

Usage: python3 symbolic-lookups.py FILE.sym < addresses, hex, one a line
Prints JSON: for each address its locations, innermost first, as [function, file, line].
"""

import json
import sys

from symbolic.debuginfo import Archive

archive = Archive.open(sys.argv[1])
symcache = next(iter(archive.iter_objects())).make_symcache()
print(
    json.dumps(
        [
            [[location.symbol, location.full_path, location.line] for location in symcache.lookup(int(line, 16))]
            for line in sys.stdin
        ]
    )
)
