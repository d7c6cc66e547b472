import { createHash, randomUUID } from "node:crypto";
import { sumOfEffects } from "@mayday/queue";
import type { ObjectStore, SymbolKey } from "@mayday/storage";
import type { FileFacts, Healing, SymInfo, Upload, UploadedFile, Uploads } from "./uploads.ts";
import { textOfKey } from "./uploads.ts";

/** Ids count milliseconds, so that several processes hardly meet and a list can go by days. */
const DAY_MS = 24 * 3600 * 1000;

/** Days that a list looks back: what is older has been removed. */
const LISTED_DAYS = 800;

/**
 * The records of uploads as JSON objects beside the symbols:
 *
 *   uploads/records/<day>/<id>.json       an upload; the day is the id's
 *   uploads/notes/<id>/<hash>/<n>.json    what is noted of a file of an upload, later
 *   uploads/healings/<id>/<healing>.json  what became of crashes that missed the symbols
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
  /** All objects under a prefix, in the order of their keys. */
  const readAll = async <T>(prefix: string): Promise<T[]> => {
    const keys: string[] = [];
    for await (const { key } of store.list(prefix)) keys.push(key);
    const values = await Promise.all(keys.sort().map((key) => read<T>(key)));
    return values.filter((value) => value !== undefined);
  };
  const readNoted = async (id: number): Promise<Upload | undefined> => {
    const upload = await read<Upload>(recordKey(id));
    if (upload === undefined) return undefined;
    const healings = await readAll<Healing>(`uploads/healings/${id}/`);
    const whole = healings.length === 0 ? upload : { ...upload, healing: sumOf(healings) };
    const notes = await readAll<Note>(`uploads/notes/${id}/`);
    return notes.length === 0 ? whole : withNotes(whole, notes);
  };
  const write = (key: string, value: unknown) => store.put(key, Buffer.from(JSON.stringify(value)));
  return {
    newId() {
      lastId = Math.max(lastId + 1, now());
      return lastId;
    },
    save: (upload) => write(recordKey(upload.id), upload),
    // An object for each note: several processes may note things of one upload at a time.
    noteFile: (id, key, facts, problems = []) => {
      const place = `${hashOf(key)}/${String(now()).padStart(15, "0")}-${randomUUID()}`;
      return write(`uploads/notes/${id}/${place}.json`, { key, facts, problems });
    },
    noteHealing: (id, healing, facts) => write(`uploads/healings/${id}/${healing}.json`, facts),
    read: readNoted,
    async *list() {
      const today = Math.floor(now() / DAY_MS);
      const days = new Map<number, string[]>();
      for await (const { key } of store.list("uploads/records/")) {
        const day = Number(key.split("/")[2]);
        if (today - day <= LISTED_DAYS) days.set(day, [...(days.get(day) ?? []), key]);
      }
      for (const day of [...days.keys()].sort((a, b) => b - a)) {
        for (const key of (days.get(day) ?? []).sort().reverse()) {
          const upload = await readNoted(Number(/(\d+)\.json$/.exec(key)?.[1]));
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

function sumOf(healings: readonly Healing[]): Healing {
  const sum = (count: "asked" | "healed" | "changed") =>
    healings.reduce((total, healing) => total + healing[count], 0);
  const effects = healings.flatMap(({ effect }) => effect ?? []);
  return {
    asked: sum("asked"),
    healed: sum("healed"),
    changed: sum("changed"),
    isOver: healings.every(({ isOver }) => isOver),
    ...(effects.length > 0 && { effect: sumOfEffects(effects) }),
  };
}

/** What was noted of a file, as it is stored. */
interface Note {
  readonly key: string;
  readonly facts: Partial<UploadedFile>;
  readonly problems: readonly string[];
}

function withNotes(upload: Upload, notes: readonly Note[]): Upload {
  const files = new Map(upload.files.map((file) => [file.key, file]));
  // A symcache may be built before it is noted that its file has come: a file first, then what became of it.
  const added = notes.filter(({ facts }) => facts.key !== undefined);
  const later = notes.filter(({ facts }) => facts.key === undefined);
  for (const note of [...added, ...later]) {
    const known = files.get(note.key);
    const noted = { ...known, ...note.facts } as UploadedFile;
    // The file has not been saved yet.
    if (noted.key === undefined) continue;
    files.set(note.key, { ...noted, problems: [...(noted.problems ?? []), ...note.problems] });
  }
  const all = [...files.values()];
  const planned = upload.plannedFiles;
  const isWhole = planned !== undefined && all.length + upload.skippedKeys.length >= planned;
  const last = isWhole
    ? (all
        .map(({ completedAt }) => completedAt)
        .sort()
        .at(-1) ?? null)
    : null;
  return { ...upload, files: all, completedAt: upload.completedAt ?? last };
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
