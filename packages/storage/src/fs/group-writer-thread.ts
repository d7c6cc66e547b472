import { parentPort, workerData } from "node:worker_threads";
import type { StoredObject } from "../object-store.ts";
import { FileSystemSync } from "./file-system-sync.ts";
import { writeGroups } from "./write-groups.ts";

const { root, unfinished } = workerData as { root: string; unfinished: string };
const parts = { root, unfinished, sync: new FileSystemSync(root) };

/** One batch after the other: the file system is synced for one at a time. */
let last: Promise<void> = Promise.resolve();
parentPort?.on("message", ({ id, groups }: { id: number; groups: StoredObject[][] }) => {
  last = last.then(async () => {
    try {
      await writeGroups(parts, groups);
      parentPort?.postMessage({ id });
    } catch (error) {
      parentPort?.postMessage({ id, error });
    }
  });
});
