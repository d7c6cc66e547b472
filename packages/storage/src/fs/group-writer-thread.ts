import { parentPort, workerData } from "node:worker_threads";
import type { StoredObject } from "../object-store.ts";
import { writeGroups } from "./write-groups.ts";

const { root, unfinished } = workerData as { root: string; unfinished: string };

parentPort?.on("message", ({ id, groups }: { id: number; groups: StoredObject[][] }) => {
  try {
    writeGroups(root, unfinished, groups);
    parentPort?.postMessage({ id });
  } catch (error) {
    parentPort?.postMessage({ id, error });
  }
});
