import { readdirSync, readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;

/** CPU time that a process, its children and the children that ended have used, ms (Linux). */
export function cpuOf(pid: number): number {
  return ownCpuOf(pid) + childrenCpuOf(pid);
}

function childrenCpuOf(pid: number): number {
  // cutime, cstime: fields 16 and 17 of proc(5).
  return ticksOf(pid, 13, 15) + childrenOf(pid).reduce((sum, child) => sum + cpuOf(child), 0);
}

function ownCpuOf(pid: number): number {
  // utime, stime: fields 14 and 15.
  return ticksOf(pid, 11, 13);
}

function ticksOf(pid: number, from: number, to: number): number {
  const ticks = (statOf(pid) ?? []).slice(from, to).reduce((sum, field) => sum + Number(field), 0);
  return (ticks * 1000) / TICKS_PER_SECOND;
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number),
  );
}

/** The fields behind the program's name, which may hold blanks. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
