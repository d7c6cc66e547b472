import type { ObjectStore, SymbolKey } from "@mayday/storage";
import type { FileFacts, SymInfo, Upload, Uploads } from "./uploads.ts";
import { textOfKey } from "./uploads.ts";

/** Ids count milliseconds, so that several processes hardly meet and a list can go by days. */
const DAY_MS = 24 * 3600 * 1000;

/** Days that a list looks back: what is older has been removed. */
const LISTED_DAYS = 800;

/**
 * The records of uploads as JSON objects beside the symbols:
 *
 *   uploads/records/<day>/<id>.json       an upload; the day is the id's
 *   uploads/files/<tree>/<key>.json       what was sent for a stored file
 *   uploads/modules/<file>/<ID>.json      a module, by debug file and id, and by code file and id
 */
export function storedUploads(store: ObjectStore, now: () => number = Date.now): Uploads {
  let lastId = 0;
  const recordKey = (id: number) => `uploads/records/${Math.floor(id / DAY_MS)}/${id}.json`;
  const factsKey = (key: SymbolKey, isTry: boolean) =>
    `uploads/files/${isTry ? "try" : "regular"}/${textOfKey({ ...key, debugId: key.debugId.toUpperCase() })}.json`;
  const moduleKey = (file: string, id: string) => `uploads/modules/${file}/${id.toUpperCase()}.json`;
  const read = async <T>(key: string): Promise<T | undefined> => {
    const bytes = await store.get(key);
    return bytes === undefined ? undefined : JSON.parse(bytes.toString("utf8"));
  };
  const write = (key: string, value: unknown) => store.put(key, Buffer.from(JSON.stringify(value)));
  return {
    newId() {
      lastId = Math.max(lastId + 1, now());
      return lastId;
    },
    save: (upload) => write(recordKey(upload.id), upload),
    read: (id) => read<Upload>(recordKey(id)),
    async *list() {
      const today = Math.floor(now() / DAY_MS);
      const days = new Map<number, string[]>();
      for await (const { key } of store.list("uploads/records/")) {
        const day = Number(key.split("/")[2]);
        if (today - day <= LISTED_DAYS) days.set(day, [...(days.get(day) ?? []), key]);
      }
      for (const day of [...days.keys()].sort((a, b) => b - a)) {
        for (const key of (days.get(day) ?? []).sort().reverse()) {
          const upload = await read<Upload>(key);
          if (upload !== undefined) yield upload;
        }
      }
    },
    fileFacts: (key, isTry) => read<FileFacts>(factsKey(key, isTry)),
    saveFileFacts: (key, isTry, facts) => write(factsKey(key, isTry), facts),
    symInfo: (file, id) => read<SymInfo>(moduleKey(file, id)),
    async saveSymInfo(info) {
      await write(moduleKey(info.debugFile, info.debugId), info);
      if (info.codeFile !== "" && info.codeId !== "") {
        await write(moduleKey(info.codeFile, info.codeId), info);
      }
    },
  };
}
