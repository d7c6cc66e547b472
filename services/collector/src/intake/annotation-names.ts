import { readFileSync } from "node:fs";
import { MaydayError } from "@mayday/errors";
import { z } from "zod";
import type { CrashReport } from "./crash-report.ts";

/** Our annotation names, each with the names that other clients use for it, best first. */
export type AnnotationNames = Readonly<Record<string, readonly string[]>>;

/**
 * What clients other than Mozilla's call things. Crashpad and Breakpad send `prod`, `ver`, `plat`, `ptype`; Electron sends
 * its own name and version there and the application's as `_productName` and `_version`. Their `guid` names an
 * installation and is kept under that name, protected.
 */
export const commonNames: AnnotationNames = {
  ProductName: ["_productName", "prod", "product"],
  Version: ["_version", "ver", "version"],
  ReleaseChannel: ["channel"],
  ProcessType: ["process_type", "ptype"],
  OS: ["plat", "platform"],
};

const shape = z.record(z.string().min(1), z.array(z.string().min(1)));

/**
 * Reads a file of annotation names; those of `commonNames` when `path` is empty.
 * @throws {MaydayError} CONFIG_INVALID
 */
export function readAnnotationNames(path: string): AnnotationNames {
  if (path === "") return commonNames;
  try {
    return shape.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new MaydayError("CONFIG_INVALID", `${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Adds annotations under our names where a report has them under others only, and says so in its notes. */
export function withOurNames(report: CrashReport, names: AnnotationNames): CrashReport {
  const added: [ours: string, theirs: string][] = [];
  for (const [ours, others] of Object.entries(names)) {
    if (ours in report.annotations) continue;
    const theirs = others.find((name) => name in report.annotations);
    if (theirs !== undefined) added.push([ours, theirs]);
  }
  // Most reports need none: copying two hundred annotations costs as much as reading them.
  if (added.length === 0) return report;
  const annotations = Object.assign(Object.create(null), report.annotations);
  for (const [ours, theirs] of added) annotations[ours] = annotations[theirs];
  const notes = [...report.notes, ...added.map(([ours, theirs]) => `took ${ours} from ${theirs}`)];
  return { ...report, annotations, notes };
}
