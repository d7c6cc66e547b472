"""Eliot's way of symbolication, without its HTTP: FOLDER-OF-TEXTS REQUEST.json CACHE-FOLDER RUNS. Prints JSON.

For each request every module's symcache is read from a file as a whole, and nothing is kept in memory; a module that has
no symcache yet is read as text, parsed and written first. Frames are grouped by module.
"""
import gzip
import json
import os
import pickle
import sys
import time

from symbolic.debuginfo import Archive
from symbolic.symcache import SymCache

texts, request_file, cache_folder, runs = sys.argv[1:5]


def symcache_of(name, debug_id):
    path = os.path.join(cache_folder, f"{name}.{debug_id}.symc")
    if os.path.exists(path):
        with open(path, "rb") as file:
            return SymCache.from_bytes(pickle.load(file)["symcache"])
    stem = name[:-4] if name.endswith(".pdb") else name
    text = os.path.join(texts, name, debug_id, f"{stem}.sym")
    if os.path.exists(text):
        with open(text, "rb") as file:
            data = file.read()
    elif os.path.exists(text + ".gz"):
        with gzip.open(text + ".gz", "rb") as file:
            data = file.read()
    else:
        return None
    symcache = next(Archive.from_bytes(data).iter_objects()).make_symcache()
    with open(path + ".part", "wb") as file:
        symcache.dump_into(file)
    with open(path + ".part", "rb") as file:
        stored = file.read()
    with open(path, "wb") as file:
        pickle.dump({"symcache": stored, "filename": name}, file)
    return symcache


def answer(body):
    jobs = json.loads(body)["jobs"]
    wanted = {}
    for job in jobs:
        for stack in job["stacks"]:
            for index, offset in stack:
                module = tuple(job["memoryMap"][index])
                wanted.setdefault(module, set()).add(offset)
    hits, found = {}, {}
    for module, offsets in sorted(wanted.items()):
        symcache = symcache_of(*module)
        found[module] = symcache is not None
        if symcache is None:
            continue
        for offset in offsets:
            lines = symcache.lookup(offset)
            if lines:
                hits[module, offset] = lines
    results = []
    for job in jobs:
        stacks = []
        for stack in job["stacks"]:
            frames = []
            for number, (index, offset) in enumerate(stack):
                module = tuple(job["memoryMap"][index])
                frame = {"frame": number, "module": module[0], "module_offset": hex(offset)}
                lines = hits.get((module, offset))
                if lines:
                    last = lines[-1]
                    frame["function"] = last.symbol
                    frame["function_offset"] = hex(offset - last.sym_addr)
                    if last.full_path:
                        frame["file"] = last.full_path
                    frame["line"] = last.line
                    if len(lines) > 1:
                        frame["inlines"] = [
                            {"function": line.symbol, "file": line.full_path, "line": line.line} for line in lines[:-1]
                        ]
                frames.append(frame)
            stacks.append(frames)
        known = {f"{name}/{debug_id}": found.get((name, debug_id)) for name, debug_id in job["memoryMap"]}
        results.append({"stacks": stacks, "found_modules": known})
    return json.dumps({"results": results}).encode()


with open(request_file, "rb") as file:
    body = file.read()
took = []
for _ in range(int(runs) + 1):
    wall, cpu = time.perf_counter(), time.process_time()
    length = len(answer(body))
    took.append([(time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000])
print(json.dumps({"cold": took[0][0], "warm": [one[0] for one in took[1:]], "warmCpu": [one[1] for one in took[1:]], "bytes": length}))
