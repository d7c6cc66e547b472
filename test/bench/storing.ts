import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { putGroupsBy } from "../../packages/storage/src/put-groups.ts";
import { openS3ObjectStore } from "../../packages/storage/src/s3/index.ts";
import type { Put } from "../../packages/storage/src/s3/quick-put.ts";
import { presignedPut, sdkPut } from "../../packages/storage/src/test-support/s3-puts.ts";
import {
  S3_BUCKET,
  S3_CREDENTIALS,
  serverProgram,
  startS3Server,
} from "../../packages/storage/src/test-support/servers.ts";
import { absent, compare } from "./measure.ts";

const ROUNDS = 5;
const REPORTS = 400;
const DUMP = randomBytes(100_000);

type Groups = { readonly key: string; readonly bytes: Uint8Array }[][];

/**
 * Reports into an S3 server on this machine: as the collector's mover puts them, as AWS's SDK does by itself, and as
 * fast as the server takes them from a client that only sends.
 */
export async function storing(): Promise<void> {
  const program = serverProgram("versitygw");
  if (program === undefined) return absent("versitygw (npm run conformance -- storage installs it)");
  Object.assign(process.env, S3_CREDENTIALS);
  const folder = mkdtempSync(join(tmpdir(), "mayday-storing-"));
  const { endpoint, stop } = await startS3Server(program, folder);
  try {
    const store = openS3ObjectStore({ bucket: S3_BUCKET, region: "us-east-1", endpoint });
    const bySdk = sdkPut(endpoint);
    const ours: Speed[] = [];
    const sdk: Speed[] = [];
    const server: Speed[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await speedOf((groups) => store.putGroups(groups), reports(`ours-${round}`)));
      sdk.push(await speedOf((groups) => putGroupsBy(plain(bySdk), groups), reports(`sdk-${round}`)));
      const sent = reports(`sent-${round}`);
      const send = await presignedPut(
        endpoint,
        sent.flat().map(({ key }) => key),
      );
      server.push(await speedOf((groups) => putGroupsBy(plain(send), groups), sent));
    }
    const what = "reports of 100 KB stored in S3";
    compare(what, best(ours).perSecond, "AWS's SDK", best(sdk).perSecond, "reports/s");
    compare("CPU of the client for each", best(ours).cpuMs, "AWS's SDK", best(sdk).cpuMs, "ms");
    compare(what, best(ours).perSecond, "only sent", best(server).perSecond, "reports/s");
  } finally {
    await stop();
    rmSync(folder, { recursive: true });
  }
}

interface Speed {
  readonly perSecond: number;
  readonly cpuMs: number;
}

async function speedOf(put: (groups: Groups) => Promise<void>, groups: Groups): Promise<Speed> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await put(groups);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: groups.length / seconds, cpuMs: (user + system) / 1000 / groups.length };
}

/** The best of some rounds: others work on the machine, too. */
function best(speeds: readonly Speed[]): Speed {
  return {
    perSecond: Math.max(...speeds.map(({ perSecond }) => perSecond)),
    cpuMs: Math.min(...speeds.map(({ cpuMs }) => cpuMs)),
  };
}

function plain(put: Put): (key: string, bytes: Uint8Array) => Promise<void> {
  return (key, bytes) => put(key, Buffer.from(bytes));
}

function reports(name: string): Groups {
  return Array.from({ length: REPORTS }, (_, index) => reportGroup(`${name}-${index}`));
}

function reportGroup(id: string): Groups[number] {
  return [
    { key: `v1/dump/${id}`, bytes: DUMP },
    { key: `v1/dump_names/${id}`, bytes: Buffer.from('["upload_file_minidump"]') },
    { key: `v1/raw_crash/20260820/${id}`, bytes: Buffer.alloc(3000, "x") },
  ];
}
