import { zstdCompressSync } from "node:zlib";
import { type CrashId, newCrashId } from "@mayday/crash";
import type { ObjectStore } from "@mayday/storage";
import { demoDump } from "../../system/submit.ts";

interface Planted {
  readonly raw: string;
  readonly dumpNames: string;
  /** The dump's object, compressed. */
  readonly dump: Uint8Array;
}

const whole = (id: CrashId): Planted => ({
  raw: JSON.stringify({
    uuid: id,
    version: 2,
    submitted_timestamp: new Date().toISOString().replace("Z", "000+00:00"),
    ProductName: "Poison",
    metadata: { dump_checksums: {}, throttle_rule: "accept_everything" },
  }),
  dumpNames: JSON.stringify(["upload_file_minidump"]),
  dump: zstdCompressSync(demoDump()),
});

/** Crashes that no attempt can process, by what is wrong with them. */
const kinds: Readonly<Record<string, (id: CrashId) => Planted>> = {
  "the raw crash is no JSON": (id) => ({ ...whole(id), raw: whole(id).raw.slice(0, -20) }),
  "the list of dumps is no JSON": (id) => ({ ...whole(id), dumpNames: "[upload" }),
  "the compressed dump is damaged": (id) => {
    const { dump } = whole(id);
    return { ...whole(id), dump: dump.subarray(0, dump.length / 2) };
  },
  "it is nested too deep to be written again": (id) => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    return { ...whole(id), raw: whole(id).raw.replace(`"metadata":{`, `"metadata":{"deep":${deep},`) };
  },
};

export const poisonKinds = Object.keys(kinds);

/** Puts a poisoned crash into the store; the sweep will find it. @param number tells the kind */
export async function plant(store: ObjectStore, number: number, uuid: string): Promise<CrashId> {
  const id = newCrashId(uuid, new Date(), 0);
  const { raw, dumpNames, dump } = kinds[poisonKinds[number % poisonKinds.length]!]!(id);
  await store.put(`v1/dump/${id}.zst`, dump);
  await store.put(`v1/dump_names/${id}`, Buffer.from(dumpNames));
  await store.put(`v1/raw_crash/20${id.slice(-6)}/${id}`, Buffer.from(raw));
  return id;
}
