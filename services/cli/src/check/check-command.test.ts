import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { Finding } from "./finding.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mayday-check-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Not spawnSync: some of what it asks is served by this process. */
async function check(environment: Record<string, string>, args: readonly string[] = ["--json"]) {
  const env = { PATH: process.env["PATH"], MAYDAY_DATA_DIR: join(folder, "data"), ...environment };
  const child = spawn(process.execPath, [main, "check", ...args], { env });
  let stdout = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk;
  });
  const status = await new Promise<number | null>((done) => child.once("close", done));
  const findings = args.includes("--json") ? (JSON.parse(stdout) as Finding[]) : [];
  return { status, stdout, of: (name: string) => findings.find((finding) => finding.name === name) };
}

const free = { COLLECTOR_PORT: "0", SYMBOLS_PORT: "0", WEBAPP_PORT: "0" };

describe("mayday check", () => {
  it("finds the embedded parts right, and leaves nothing in the store", { timeout: 60_000 }, async () => {
    const { status, of } = await check(free);
    for (const name of ["settings", "crash store", "symbol store", "search engine", "records", "data folder"])
      expect(of(name)).toMatchObject({ name, state: expect.stringMatching(/right|warning/) });
    expect(of("redis-server")).toBeDefined();
    expect(status).toBe(of("redis-server")?.state === "wrong" ? 1 : 0);
  });

  it("names each setting that is wrong, and asks nothing then", { timeout: 60_000 }, async () => {
    const { status, stdout } = await check({ COLLECTOR_PROT: "1", SYMBOLS_PORT: "x" }, []);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^WRONG {4}settings: SYMBOLS_PORT: .* — docs\/config\.md has all settings$/m);
    expect(stdout).toMatch(/^WRONG {4}settings: COLLECTOR_PROT is not a setting — /m);
    expect(stdout).not.toContain("crash store");
  });

  it("says what does not answer, how to mend it, and no password", { timeout: 60_000 }, async () => {
    const server = createServer((_request, reply) => reply.writeHead(200).end("a kettle"));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    try {
      const { status, stdout, of } = await check({
        ...free,
        WEBAPP_PORT: String(port),
        REDIS_URL: "redis://:hunter2@127.0.0.1:1",
        DATABASE_URL: "postgres://me:hunter2@127.0.0.1:1/mayday",
        SEARCH_ENGINE: "opensearch",
        SEARCH_URL: "http://127.0.0.1:1",
        CRASH_STORE: "s3",
        CRASH_STORE_ENDPOINT: "http://127.0.0.1:1",
        AWS_ACCESS_KEY_ID: "a",
        AWS_SECRET_ACCESS_KEY: "hunter2",
        SYMBOL_SOURCES: `/no/such/symbols,http://127.0.0.1:${port}/symbols`,
      });
      expect(status).toBe(1);
      expect(of("Redis")).toMatchObject({ state: "wrong", says: expect.stringContaining("ECONNREFUSED") });
      expect(of("Redis")?.says).toContain("redis://:***@127.0.0.1:1");
      expect(of("records")).toMatchObject({ state: "wrong", mend: expect.stringContaining("DATABASE_URL") });
      expect(of("search engine")).toMatchObject({ state: "wrong" });
      expect(of("crash store")).toMatchObject({
        state: "wrong",
        mend: expect.stringContaining("CRASH_STORE_BUCKET"),
      });
      expect(of("port of the webapp")).toMatchObject({
        state: "wrong",
        mend: expect.stringContaining("WEBAPP_PORT"),
      });
      expect(of("symbol source")).toMatchObject({ state: "wrong", says: "/no/such/symbols is not there" });
      expect(stdout).not.toContain("hunter2");
    } finally {
      server.close();
    }
  });
});
