import { parentPort, workerData } from "node:worker_threads";
import type { StoredObject } from "../object-store.ts";
import { type WritePlaces, writeGroups } from "./write-groups.ts";

const parts = workerData as WritePlaces;

/** One batch after the other: the file system is synced for one at a time. */
parentPort?.on("message", ({ id, groups }: { id: number; groups: StoredObject[][] }) => {
  try {
    writeGroups(parts, groups);
    parentPort?.postMessage({ id });
  } catch (error) {
    parentPort?.postMessage({ id, error });
  }
});
