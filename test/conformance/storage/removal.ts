import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CrashId, RawCrash } from "../../../packages/crash/src/index.ts";
import { openFsObjectStore } from "../../../packages/storage/src/fs/index.ts";
import { openGcsObjectStore } from "../../../packages/storage/src/gcs/index.ts";
import {
  createCrashStorage,
  type ObjectStore,
  reportObjects,
  withZstdDumps,
} from "../../../packages/storage/src/index.ts";
import { openS3ObjectStore } from "../../../packages/storage/src/s3/index.ts";
import {
  S3_BUCKET,
  S3_CREDENTIALS,
  serverProgram,
  startGcsServer,
  startS3Server,
} from "../../../packages/storage/src/test-support/servers.ts";

const REMOVED = 10_000;
const KEPT = 500;
const SAVED_TOGETHER = 500;

interface OpenStore {
  readonly store: ObjectStore;
  stop(): Promise<void>;
}

/** The stores, on real servers where they are remote; undefined where a server is not there. */
const stores: Record<string, (folder: string) => Promise<OpenStore | undefined>> = {
  async fs(folder) {
    return { store: await openFsObjectStore(join(folder, "objects")), stop: async () => undefined };
  },
  async s3(folder) {
    const program = serverProgram("versitygw");
    if (program === undefined) return undefined;
    Object.assign(process.env, S3_CREDENTIALS);
    const { endpoint, stop } = await startS3Server(program, folder);
    return { store: openS3ObjectStore({ bucket: S3_BUCKET, region: "us-east-1", endpoint }), stop };
  },
  async gcs(folder) {
    const program = serverProgram("fake-gcs-server");
    if (program === undefined) return undefined;
    const { endpoint, stop } = await startGcsServer(program, folder);
    return { store: openGcsObjectStore({ bucket: S3_BUCKET, endpoint }), stop };
  },
};

/** Removes 10,000 crashes from among others, in every store: nothing of theirs may be left, and nothing else be gone. */
export async function removal(names: readonly string[] = Object.keys(stores)): Promise<boolean> {
  let holds = true;
  for (const [name, open] of Object.entries(stores).filter(([name]) => names.includes(name))) {
    const folder = mkdtempSync(join(tmpdir(), `mayday-removal-${name}-`));
    const opened = await open(folder);
    try {
      if (opened === undefined) console.log(`  ${name}: its server is not there`);
      else holds = (await removesExactly(name, opened.store)) && holds;
    } finally {
      await opened?.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }
  return holds;
}

async function removesExactly(name: string, store: ObjectStore): Promise<boolean> {
  const removed = Array.from({ length: REMOVED }, (_, number) => idOf("1", number));
  const kept = Array.from({ length: KEPT }, (_, number) => idOf("2", number));
  await fill(store, [...removed, ...kept]);
  await store.put("v1/crash_ping/20260820/p", Buffer.from("{}"));
  const before = await keysOf(store);
  const started = performance.now();
  await createCrashStorage(store).remove(removed);
  const seconds = (performance.now() - started) / 1000;
  const after = await keysOf(store);
  const gone = new Set<string>(removed);
  const expected = [...before].filter(
    (key) =>
      !gone.has(
        key
          .split("/")
          .at(-1)
          ?.replace(/\.zst$/, "") ?? "",
      ),
  );
  const left = [...after].filter((key) => !expected.includes(key)).length;
  const missing = expected.filter((key) => !after.has(key)).length;
  console.log(
    `  ${name}: ${REMOVED} crashes (${before.size - expected.length} objects) removed in ${seconds.toFixed(1)} s; ` +
      `${left} objects of theirs left, ${missing} of others gone`,
  );
  return left === 0 && missing === 0 && before.size === 4 * (REMOVED + KEPT) + 1;
}

/** Every second crash has compressed dumps; every one a processed crash. */
async function fill(store: ObjectStore, ids: readonly CrashId[]): Promise<void> {
  const dumps = new Map([["upload_file_minidump", Buffer.from("MDMP")]]);
  const processed = (id: CrashId) => ({ key: `v1/processed_crash/${id}`, bytes: Buffer.from("{}") });
  const zstd = withZstdDumps(store);
  for (let at = 0; at < ids.length; at += SAVED_TOGETHER) {
    const groups = ids.slice(at, at + SAVED_TOGETHER).map((id) => {
      const json = Buffer.from(JSON.stringify({ uuid: id } as unknown as RawCrash));
      return [processed(id), ...reportObjects({ id, dumpChecksums: {}, json }, dumps)];
    });
    await ((at / SAVED_TOGETHER) % 2 === 0 ? store : zstd).putGroups(groups);
  }
}

async function keysOf(store: ObjectStore): Promise<Set<string>> {
  return new Set((await Array.fromAsync(store.list("v1/"))).map(({ key }) => key));
}

function idOf(head: string, number: number): CrashId {
  return `${head.repeat(8)}-0000-4000-8000-${String(number).padStart(6, "0")}260820` as CrashId;
}
