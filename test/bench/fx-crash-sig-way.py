"""fx-crash-sig's way with crash pings: SYMBOLS-URL PINGS.jsonl. Prints JSON: seconds, processor seconds, signatures.

Ten pings a request to a symbolication server, of each the crashing thread's first 40 frames that lie in a module; then
siggen, in one process.
"""
import json
import sys
import time

import requests
from siggen.generator import SignatureGenerator

url, pings_file = sys.argv[1:3]
with open(pings_file) as file:
    pings = [json.loads(line) for line in file]
generator = SignatureGenerator()
session = requests.Session()


def job_of(stack):
    modules = stack["modules"]
    memory_map, places, frames = [], {}, []
    for frame in stack["threads"][stack["crash_thread"]]["frames"][:40]:
        index = frame.get("module_index")
        if index is None:
            continue
        module = modules[index]
        key = (module["debug_file"], module["debug_id"])
        if key not in places:
            places[key] = len(memory_map)
            memory_map.append(list(key))
        frames.append([places[key], int(frame["ip"], 16) - int(module["base_address"], 16)])
    return {"memoryMap": memory_map, "stacks": [frames]}


started, cpu = time.perf_counter(), time.process_time()
signatures = []
for at in range(0, len(pings), 10):
    some = pings[at : at + 10]
    answer = session.post(url, json={"jobs": [job_of(stack) for stack in some]})
    for result in answer.json()["results"]:
        crash = {"crashing_thread": 0, "os": "Not Windows", "threads": [{"frames": result["stacks"][0]}]}
        signatures.append(generator.generate(crash).signature)
print(
    json.dumps(
        {
            "seconds": time.perf_counter() - started,
            "cpu": time.process_time() - cpu,
            "signatures": len(set(signatures)),
        }
    )
)
