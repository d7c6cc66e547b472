import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type CrashId, collectionDay } from "@mayday/crash";
import { type CrashStorage, createCrashStorage } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { storedCrashes } from "./stored-crashes.ts";

const COUNT = 200;
/** In an order that is not that of their texts, and of two days. */
const ids = Array.from({ length: COUNT }, (_, index) => {
  const start = ((index * 7919) % COUNT).toString(16).padStart(8, "0");
  return `${start}-0000-4000-8000-000000${index % 2 ? "261101" : "261102"}` as CrashId;
});

let folder = "";
let storage: CrashStorage;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mayday-stored-"));
  storage = createCrashStorage(await openFsObjectStore(folder));
  await mkdir(join(folder, "v1/processed_crash"), { recursive: true });
  for (const id of ids) {
    const raw = join(folder, "v1/raw_crash", collectionDay(id));
    await mkdir(raw, { recursive: true });
    await writeFile(join(raw, id), "{}");
    await writeFile(processed(id), JSON.stringify({ uuid: id, hang: id }));
  }
});
afterEach(() => rm(folder, { recursive: true }));

const processed = (id: CrashId) => join(folder, "v1/processed_crash", id);

describe("stored crashes", () => {
  it("are all that there are, each once", async () => {
    const source = await storedCrashes(storage, {});
    const found = await Array.fromAsync(source.crashes);
    expect(source.total).toBe(COUNT);
    expect(found.map(({ name }) => name).sort()).toEqual([...ids].sort());
    expect(found.every(({ name, crash }) => crash.hang === name)).toBe(true);
    expect(source.skipped()).toBe(0);
  });

  it("are those that are asked for, each once", async () => {
    async function* asked() {
      yield* [ids[3]!, ids[5]!, ids[3]!];
    }
    const { crashes } = await storedCrashes(storage, { ids: asked() });
    expect((await Array.fromAsync(crashes)).map(({ name }) => name)).toEqual([ids[3], ids[5]].sort());
  });

  it("can be a sample: the ids that come first, whatever the order they are found in", async () => {
    const { crashes, total } = await storedCrashes(storage, { sample: 9 });
    expect(total).toBe(9);
    expect((await Array.fromAsync(crashes)).map(({ name }) => name)).toEqual([...ids].sort().slice(0, 9));
  });

  it("are passed over and counted where nothing readable is stored", async () => {
    await rm(processed(ids[0]!));
    await writeFile(processed(ids[1]!), '{"uuid":');
    const source = await storedCrashes(storage, {});
    expect(await Array.fromAsync(source.crashes)).toHaveLength(COUNT - 2);
    expect(source.skipped()).toBe(2);
  });

  it("end with the store's error, however late the next ones are asked for", async () => {
    const last = [...ids].sort().at(-1)!;
    await rm(processed(last));
    await mkdir(processed(last));
    const { crashes } = await storedCrashes(storage, {});
    const slowly = async () => {
      for await (const { name } of crashes) if (name.endsWith("2")) await sleep(1);
    };
    await expect(slowly()).rejects.toThrow(expect.objectContaining({ code: "STORAGE_UNAVAILABLE" }));
  });
});
