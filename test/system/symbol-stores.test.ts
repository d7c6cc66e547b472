import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readSettings } from "@mayday/config";
import { type Consumer, consumeArrivals, type SymbolsArrivedJob } from "@mayday/queue";
import type { RunningService } from "@mayday/service";
import { openSymbolObjects } from "@mayday/storage/open";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  S3_BUCKET,
  S3_CREDENTIALS,
  type StoreServer,
  serverProgram,
  startGcsServer,
  startS3Server,
} from "../../packages/storage/src/test-support/servers.ts";
import { startSymbols } from "../../services/symbols/src/main.ts";
import { symbolsSettings } from "../../services/symbols/src/settings.ts";
import { archiveForm } from "../../services/symbols/src/test-support/upload.ts";
import { zipOf } from "../../services/symbols/src/test-support/zip.ts";

const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;
const ID = "000102030405060708090A0B0C0D0E0F0";
const PATIENCE = { timeout: 30_000, interval: 50 };

const textOf = (name: string) =>
  Buffer.from(
    `MODULE windows x86_64 ${ID} ${name}.pdb\nINFO CODE_ID 5ED439916EB4000 ${name}.dll\nFILE 0 a.c\nFUNC 1000 10 0 f()\n1000 10 7 0\n`,
  );

interface Store {
  readonly title: string;
  readonly name: string;
  readonly program: string;
  start(program: string, folder: string): Promise<StoreServer | undefined>;
  /** Settings besides. */
  readonly more?: NodeJS.ProcessEnv;
}

/** Whether files of plans are sent to the store itself. */
const isDirect = (more: NodeJS.ProcessEnv) => more["SYMBOLS_UPLOAD_DIRECT"] === "1";

const stores: readonly Store[] = [
  { title: "fs", name: "fs", program: "redis-server", start: async () => undefined },
  { title: "s3", name: "s3", program: "versitygw", start: startS3Server },
  {
    title: "s3, sent files by clients",
    name: "s3",
    program: "versitygw",
    start: startS3Server,
    more: { SYMBOLS_UPLOAD_DIRECT: "1" },
  },
  { title: "gcs", name: "gcs", program: "fake-gcs-server", start: startGcsServer },
];

describe.each(stores)(
  "symbols in a store that is $title",
  ({ name: kind, program: wanted, start, more = {} }) => {
    const program = serverProgram(wanted);
    const isReady = hasRedis && program !== undefined;
    let folder = "";
    let redis: ChildProcess;
    let server: StoreServer | undefined;
    let service: RunningService;
    let consumer: Consumer;
    let environment: NodeJS.ProcessEnv;
    const arrived: SymbolsArrivedJob[] = [];

    beforeAll(async () => {
      if (!isReady) return;
      Object.assign(process.env, S3_CREDENTIALS);
      folder = await mkdtemp(join(tmpdir(), "mayday-stores-"));
      const socket = join(folder, "redis.sock");
      const place = ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder];
      redis = spawn("redis-server", place, { stdio: "ignore" });
      server = await start(program, join(folder, "server"));
      await vi.waitFor(() => expect(existsSync(socket)).toBe(true), PATIENCE);
      environment = {
        SYMBOLS_PORT: "0",
        MAYDAY_DATA_DIR: folder,
        REDIS_URL: socket,
        SYMBOLS_TOKENS: "KEY:upload_symbols+view_all_uploads:owner@example.com",
        SYMBOL_STORE: kind,
        SYMBOL_STORE_BUCKET: S3_BUCKET,
        SYMBOL_STORE_ENDPOINT: server?.endpoint ?? "",
        LOG_LEVEL: "silent",
        ...more,
      };
      const onError = () => undefined;
      consumer = consumeArrivals(async (job) => void arrived.push(job), {
        redisUrl: socket,
        concurrency: 1,
        onError,
      });
      service = await startSymbols(environment);
    }, 60_000);
    afterAll(async () => {
      if (!isReady) return;
      await service.stop();
      await consumer.close(1000);
      await server?.stop();
      redis.kill();
      if (redis.exitCode === null) await once(redis, "exit");
      await rm(folder, { recursive: true, force: true });
    });

    const get = (path: string) => fetch(`${service.url}${path}`, { redirect: "manual" });
    const post = (path: string, body: string | Uint8Array<ArrayBuffer>, type = "application/json") =>
      fetch(`${service.url}${path}`, {
        method: "POST",
        headers: { "auth-token": "KEY", "content-type": type },
        body,
      });
    const uploadOf = async (id: number): Promise<any> => {
      const answer = await fetch(`${service.url}/api/uploads/upload/${id}`, {
        headers: { "auth-token": "KEY" },
      });
      return ((await answer.json()) as any).upload;
    };
    const needs = ` (needs ${[...new Set(["redis-server", wanted])].join(" and ")})`;

    it.skipIf(!isReady)(
      `are uploaded, served, known by their code and told to those who missed them${needs}`,
      async () => {
        const path = `/one.pdb/${ID}/one.sym`;
        expect((await get(path)).status).toBe(404);
        const { type, body } = archiveForm(zipOf([{ name: path.slice(1), content: textOf("one") }]));
        const answer = await post("/upload/", new Uint8Array(body), type);
        expect(answer.status).toBe(201);
        const { id } = ((await answer.json()) as any).upload;
        expect(await (await get(path)).text()).toBe(textOf("one").toString());
        expect((await get(`/one.dll/5ED439916EB4000/one.sym`)).headers.get("location")).toBe(path);
        await vi.waitFor(
          async () => expect((await uploadOf(id)).file_uploads[0].symcache).toBe("built"),
          PATIENCE,
        );
        await vi.waitFor(
          () => expect(arrived).toMatchObject([{ debugFile: "one.pdb", debugId: ID, uploadId: id }]),
          PATIENCE,
        );
      },
      60_000,
    );

    it.skipIf(!isReady)(`answer from the symcache when the text is gone${needs}`, async () => {
      const objects = await openSymbolObjects(readSettings(symbolsSettings, environment));
      await objects.delete([`v1/one.pdb/${ID}/one.sym`]);
      const request = JSON.stringify({ memoryMap: [["one.pdb", ID]], stacks: [[[0, 0x1004]]] });
      const answer: any = await (await post("/symbolicate/v5", request)).json();
      expect(answer.results[0].stacks[0][0]).toMatchObject({ function: "f()", file: "a.c", line: 7 });
    });

    it.skipIf(!isReady)(
      `are uploaded by plan, once${needs}`,
      async () => {
        const content = textOf("plan");
        const md5_hash = createHash("md5").update(content).digest("hex");
        const file = { key: `plan.pdb/${ID}/plan.sym`, size: content.length, md5_hash };
        const plan = async (): Promise<any> =>
          (await post("/upload/v2/", JSON.stringify({ files: [file] }))).json();
        const planned = await plan();
        const { url } = planned.files[0].action;
        const sent = await fetch(url, { method: "PUT", body: new Uint8Array(gzipSync(content)) });
        expect(sent.status).toBe(200);
        expect(new URL(url).origin).toBe(isDirect(more) ? server?.endpoint : service.url);
        await vi.waitFor(
          async () => expect((await uploadOf(planned.id)).file_uploads[0]?.symcache).toBe("built"),
          PATIENCE,
        );
        expect(await (await get(`/plan.pdb/${ID}/plan.sym`)).text()).toBe(content.toString());
        expect((await get("/plan.dll/5ED439916EB4000/plan.sym")).headers.get("location")).toBe(
          `/plan.pdb/${ID}/plan.sym`,
        );
        expect((await plan()).files[0].action).toEqual({ type: "skip" });
      },
      60_000,
    );

    // Only files that go past the service can be others than they were said to be until somebody looks.
    if (!isDirect(more)) return;
    it.skipIf(!isReady)(`are not served when they are others than planned${needs}`, async () => {
      const content = textOf("lie");
      const md5_hash = createHash("md5").update("else").digest("hex");
      const file = { key: `lie.pdb/${ID}/lie.sym`, size: content.length, md5_hash };
      const planned: any = await (await post("/upload/v2/", JSON.stringify({ files: [file] }))).json();
      await fetch(planned.files[0].action.url, { method: "PUT", body: new Uint8Array(gzipSync(content)) });
      await vi.waitFor(
        async () =>
          expect((await uploadOf(planned.id)).file_uploads[0]?.problems[0]).toContain(
            "another file than was planned",
          ),
        PATIENCE,
      );
      expect((await get(`/${file.key}`)).status).toBe(404);
      const objects = await openSymbolObjects(readSettings(symbolsSettings, environment));
      await vi.waitFor(async () => {
        const left: string[] = [];
        for await (const { key } of objects.list("incoming/")) left.push(key);
        expect(left).toEqual([]);
      }, PATIENCE);
    });
  },
);
