"""What Antenna does with a crash report, on the stack that it runs on: falcon under gunicorn's sync workers.

An equivalent, not Antenna: the body is parsed by falcon's multipart handler, throttled by rules, hashed, and saved to the
file system without a sync, raw crash last, as Antenna's file system store does; metrics go to statsd through markus, log
lines through dockerflow's formatter, as there. It publishes nothing.

    gunicorn --workers 2 --chdir test/bench/collector antenna-equivalent:app     (CRASH_ROOT names the folder, STATSD_PORT the port)
"""

import datetime
import hashlib
import io
import json
import logging
import os
import random
import sys
import uuid
import zlib

import falcon
import markus
from dockerflow.logging import JsonLogFormatter
from falcon.media.multipart import MultipartFormHandler

ROOT = os.environ["CRASH_ROOT"]
log = logging.getLogger("collector")
log.setLevel(logging.INFO)
stream = logging.StreamHandler(sys.stderr)
stream.setFormatter(JsonLogFormatter(logger_name="antenna"))
log.addHandler(stream)
statsd = {"statsd_namespace": "socorro", "statsd_port": int(os.environ["STATSD_PORT"])}
markus.configure([{"class": "markus.backends.datadog.DatadogMetrics", "options": statsd}])
metrics = markus.get_metrics("collector")

handler = MultipartFormHandler()
handler.parse_options.max_body_part_count = 0
handler.parse_options.max_body_part_buffer_size = 20 * 1024 * 1024

ALWAYS = "*"
# (name, key that must be there, predicate of the value, result or (percent, result, otherwise))
RULES = [
    ("has_old_buildid", "BuildID", lambda v: v < "20200000000000", "reject"),
    ("has_hangid_and_browser", "HangID", lambda v: True, "reject"),
    ("infobar_is_true", "SubmittedFromInfobar", lambda v: v == "true", "reject"),
    ("b2g", "ProductName", lambda v: v.lower() == "b2g", "fakeaccept"),
    ("unsupported_product", "ProductName", lambda v: v not in ("Firefox", "Fenix", "Thunderbird"), "reject"),
    ("throttleable_0", "Throttleable", lambda v: v == "0", "accept"),
    ("has_comments", "Comments", lambda v: True, "accept"),
    ("has_phc", "PHCKind", lambda v: True, "accept"),
    ("is_background", "ProcessType", lambda v: v in ("gpu", "plugin", "rdd", "socket", "utility"), "accept"),
    ("is_shutdownkill", "ipc_channel_error", lambda v: v == "ShutDownKill", (10, "continue", "reject")),
    ("is_alpha_beta_esr", "ReleaseChannel", lambda v: v in ("aurora", "beta", "esr"), "accept"),
    ("is_nightly", "ReleaseChannel", lambda v: v.startswith("nightly"), "accept"),
    ("accept_everything", ALWAYS, lambda v: True, "accept"),
]


def throttle(annotations):
    for name, key, predicate, result in RULES:
        if key != ALWAYS and key not in annotations:
            continue
        if not predicate(str(annotations.get(key))):
            continue
        if isinstance(result, tuple):
            percent, kept, otherwise = result
            result = kept if random.random() * 100 <= percent else otherwise
        if result != "continue":
            return name, result
    return "NO_MATCH", "reject"


def read_report(req):
    body = req.stream.read(req.content_length)
    compressed = req.get_header("Content-Encoding") == "gzip"
    if compressed:
        metrics.incr("breakpad_resource.gzipped_crash")
        with metrics.timer("breakpad_resource.gzipped_crash_decompress"):
            body = zlib.decompress(body, 16 + zlib.MAX_WBITS)
    metrics.histogram("breakpad_resource.crash_size", len(body), tags=["payload:uncompressed"])
    annotations, dumps, notes = {}, {}, []
    for part in handler.deserialize(io.BytesIO(body), req.content_type, len(body)):
        if not part.name:
            continue
        if part.content_type.startswith("application/json"):
            annotations = json.loads(part.get_data())
        elif part.content_type.startswith("text/plain") and not part.filename:
            annotations[part.name] = part.get_text()
        else:
            dumps[part.name] = part.get_data()
    return annotations, dumps, notes, compressed


def save(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


class Submit:
    @metrics.timer_decorator("breakpad_resource.on_post.time")
    def on_post(self, req, resp):
        resp.content_type = "text/plain"
        annotations, dumps, notes, compressed = read_report(req)
        metrics.incr("breakpad_resource.incoming_crash")
        rule, result = throttle(annotations)
        metrics.incr("breakpad_resource.throttle_rule", tags=[f"rule:{rule}"])
        metrics.incr("breakpad_resource.throttle", tags=[f"result:{result}"])
        if result == "reject":
            resp.text = f"Discarded=rule_{rule}"
            return
        now = datetime.datetime.now(datetime.timezone.utc)
        crash_id = f"{str(uuid.uuid4())[:-7]}0{now:%y%m%d}"
        log.info("%s: matched by %s; returned %s", crash_id, rule, result)
        for name in ("Email", "TelemetryClientId", "TelemetryServerURL", "TelemetrySessionId"):
            if annotations.pop(name, None) is not None:
                notes.append(f"Removed {name} from raw crash.")
        annotations.update(
            uuid=crash_id,
            version=2,
            submitted_timestamp=now.isoformat(),
            metadata={
                "collector_notes": notes,
                "dump_checksums": {name: hashlib.sha256(data).hexdigest() for name, data in dumps.items()},
                "payload": "json",
                "payload_compressed": "1" if compressed else "0",
                "payload_size": req.content_length,
                "throttle_rule": rule,
                "user_agent": req.get_header("User-Agent"),
            },
        )
        with metrics.timer("crashmover.crash_handling.time"), metrics.timer("crashmover.crash_save.time"):
            self.save(crash_id, now, annotations, dumps)
        log.info("%s saved", crash_id)
        log.info("%s published", crash_id)
        metrics.incr("crashmover.save_crash.count")
        resp.text = f"CrashID=bp-{crash_id}\n"

    def save(self, crash_id, now, annotations, dumps):
        folder = os.path.join(ROOT, f"{now:%Y%m%d}")
        save(os.path.join(folder, "dump_names", f"{crash_id}.json"), json.dumps(sorted(dumps)).encode())
        for name, data in dumps.items():
            save(os.path.join(folder, name, crash_id), data)
        raw = json.dumps(annotations, sort_keys=True).encode()
        save(os.path.join(folder, "raw_crash", f"{crash_id}.json"), raw)


app = falcon.App()
app.add_route("/submit", Submit())
