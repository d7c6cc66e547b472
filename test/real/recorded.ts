import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { crashIdIn, type Pipeline, processedCrash } from "../system/pipeline.ts";
import { postBytes } from "../system/submit.ts";
import { type Check, must } from "./check.ts";
import { readQueuedPing } from "./pings.ts";
import { shared } from "./shared-data.ts";

/** What real clients were recorded to send, byte for byte. */
export function recordedChecks(pipeline: () => Pipeline): Check[] {
  const replay = (name: string, folder: string, body: string, product: string): Check => ({
    name: `recorded: ${name}`,
    needs: [join(shared, folder, body)],
    async run() {
      const bytes = readFileSync(join(shared, folder, body));
      const head = JSON.parse(
        readFileSync(join(shared, folder, `${body.split(".")[0]}.request.json`), "utf8"),
      );
      const text = await send(`${pipeline().collector}${head.url}`, bytes, head.headers);
      const crashId = crashIdIn(text);
      const processed = await processedCrash(pipeline().webapp, crashId);
      must(processed["product"] === product, `the product is ${processed["product"]}`);
      return `${bytes.length} bytes, bp-${crashId}, ${processed["product"]} ${processed["version"]}`;
    },
  });
  const firefox = "firefox-esr-153/submissions";
  return [
    replay("Firefox after SIGSEGV", firefox, "parent-sigsegv.multipart", "Firefox"),
    replay("Firefox after SIGABRT", firefox, "parent-sigabrt.multipart", "Firefox"),
    replay(
      "Chromium's Crashpad handler, chunked",
      "crashpad",
      "chromium-156-handler.multipart.gz",
      "xcuitest",
    ),
    pingsCheck(pipeline),
  ];
}

function pingsCheck(pipeline: () => Pipeline): Check {
  const folder = join(shared, "firefox-esr-153/pings");
  return {
    name: "recorded: Firefox's Glean pings",
    needs: [folder],
    async run() {
      const files = readdirSync(folder);
      for (const file of files) {
        const { path, body } = readQueuedPing(join(folder, file));
        const headers = { "content-encoding": "gzip", "content-type": "application/json; charset=utf-8" };
        const { status, text } = await postBytes(`${pipeline().collector}${path}`, gzipSync(body), headers);
        must(status === 200, `${file} is answered ${status} ${text}`);
      }
      return `${files.length} taken`;
    },
  };
}

/** Sends bytes with the recorded headers; a body that was sent in chunks goes in chunks. */
async function send(url: string, body: Buffer, headers: Record<string, string>): Promise<string> {
  if (headers["Transfer-Encoding"] !== "chunked") return (await postBytes(url, body, headers)).text;
  return new Promise((done, failed) => {
    const outgoing = request(url, { method: "POST", headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => done(text));
    });
    outgoing.on("error", failed);
    for (let at = 0; at < body.length; at += 4096) outgoing.write(body.subarray(at, at + 4096));
    outgoing.end();
  });
}
