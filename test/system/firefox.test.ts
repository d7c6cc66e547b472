import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  crashIdIn,
  dataFolder,
  eventually,
  type Pipeline,
  processedCrash,
  repository,
  startPipeline,
} from "./pipeline.ts";
import { postBytes } from "./submit.ts";

const shared = process.env["MAYDAY_SHARED_DATA"] ?? join(repository, "../shared/data");
const firefox = join(shared, "firefox-esr-153");
const hasData = existsSync(firefox);
const data = await dataFolder();
let pipeline: Pipeline;

beforeAll(async () => {
  if (hasData) pipeline = await startPipeline(data.path, { SYMBOL_SOURCES: join(firefox, "symbols") });
}, 90_000);
afterAll(async () => {
  await pipeline?.end("SIGTERM");
  await data.remove();
});

/** What Firefox's own crash reporter sent, and its own unwinding of the crashing thread. */
function submission(name: string) {
  const folder = join(firefox, "submissions");
  const body = readFileSync(join(folder, `${name}.multipart`));
  const { url, headers } = JSON.parse(readFileSync(join(folder, `${name}.request.json`), "utf8"));
  const json = /application\/json\r\n\r\n(.*?)\r\n--/s.exec(body.toString("latin1"))?.[1] ?? "{}";
  const annotations = JSON.parse(Buffer.from(json, "latin1").toString("utf8"));
  return { body, url, headers, annotations, stackTraces: JSON.parse(annotations.StackTraces) };
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${pipeline.collector}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, "m").exec(text)?.[1] ?? 0);
}

describe.skipIf(!hasData)("Firefox's own submission (needs the shared data)", () => {
  it.each(["parent-sigsegv", "parent-sigabrt"])(
    "%s comes out as the client itself unwound it",
    async (name) => {
      const { body, url, headers, annotations, stackTraces } = submission(name);
      const answer = await postBytes(`${pipeline.collector}${url}`, body, headers);
      const processed = await processedCrash(pipeline.webapp, crashIdIn(answer.text));

      const ours = processed["json_dump"].threads[0].frames.map(({ offset, trust }: any) => ({
        ip: `0x${BigInt(offset).toString(16)}`,
        trust,
      }));
      const theirs = stackTraces.threads[0].frames.map(({ ip, trust }: any) => ({ ip, trust }));
      expect(ours).toEqual(theirs);
      expect(ours).toHaveLength(21);
      expect(processed["json_dump"].crashing_thread.frames[0]).toMatchObject({
        function: "__poll",
        module: "libc.so.6",
        file: "./io/../sysdeps/unix/sysv/linux/poll.c",
        line: 29,
        trust: "context",
      });
      expect(processed).toMatchObject({
        product: "Firefox",
        version: `${annotations.Version}esr`,
        build: annotations.BuildID,
        release_channel: "esr",
        reason: stackTraces.crash_type,
        address: `0x${BigInt(stackTraces.crash_address).toString(16).padStart(16, "0")}`,
        os_name: "Linux",
        os_pretty_version: "Debian GNU/Linux 12 (bookworm)",
        cpu_arch: "amd64",
        process_type: "parent",
        crashing_thread: 0,
        minidump_sha256_hash: annotations.MinidumpSha256Hash,
        success: true,
      });
    },
    90_000,
  );

  it("is not shown what may be personal, and is searchable", async () => {
    // Both are processed; the index follows in its own time.
    const found: any = await eventually("both are searchable", async () => {
      const search = `${pipeline.webapp}/api/SuperSearch/?product=Firefox&_columns=uuid`;
      const answer: any = await (await fetch(search)).json();
      return answer.total === 2 ? answer : undefined;
    });
    const [{ uuid }] = found.hits;
    const raw: any = await (await fetch(`${pipeline.webapp}/api/RawCrash/?crash_id=${uuid}`)).json();
    expect(raw).toHaveProperty("ProductName", "Firefox");
    for (const name of ["URL", "StackTraces"]) expect(raw).not.toHaveProperty(name);
    // What the collector noted is for everybody; what else it knows of the sender is not.
    expect(Object.keys(raw.metadata ?? {}).filter((name) => name !== "collector_notes")).toEqual([]);
  });

  it("was received as it is: no report was refused", async () => {
    expect(await metric("collector_malformed_total")).toBe(0);
  });
});
