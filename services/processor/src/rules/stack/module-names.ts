import { stringOf } from "../../values/json-records.ts";

/** A module's name as lists of modules have it: without what would part them. */
export function listedName(filename: unknown): string {
  return (stringOf(filename) ?? "").replace(/[^A-Za-z0-9_.-]/g, "");
}

/** A debug or code id: hexadecimal digits alone. */
export function listedId(id: unknown): string {
  return (stringOf(id) ?? "").replace(/[^A-Fa-f0-9]/g, "");
}
