import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { type Finding, right, warning, wrong } from "./finding.ts";

const MEBIBYTE = 1024 * 1024;
const LEAST_FREE_MB = 2048;
const LEAST_FILES = 4096;
const ASK_LIMIT_MS = 3000;

/** Whether a folder can be written, and has room. @param needsMb what may come to lie there, MiB */
export function checkFolder(name: string, folder: string, needsMb: number): Finding {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return wrong(name, `${folder} cannot be written: ${code}`, "give it to the user that runs Mayday");
  }
  const { bavail, bsize, blocks } = statfsSync(folder);
  const freeMb = Math.floor((bavail * bsize) / MEBIBYTE);
  const says = `${folder}, ${freeMb} MiB of ${Math.floor((blocks * bsize) / MEBIBYTE)} free`;
  if (freeMb >= Math.max(needsMb, LEAST_FREE_MB)) return right(name, says);
  const mend = `make room, or put it on another disk; ${Math.max(needsMb, LEAST_FREE_MB)} MiB are wanted`;
  return freeMb < 256 ? wrong(name, says, mend) : warning(name, says, mend);
}

/** Whether a port can be listened on, or a Mayday answers there already. */
export async function checkPort(name: string, setting: string, port: number): Promise<Finding> {
  const finding = `port of the ${name}`;
  if (port === 0) return right(finding, `any free one (${setting} is 0)`);
  if (await isFree(port)) return right(finding, `${port} is free`);
  const answer = await fetch(`http://127.0.0.1:${port}/__version__`, {
    signal: AbortSignal.timeout(ASK_LIMIT_MS),
  }).catch(() => undefined);
  const version = (await answer?.json().catch(() => undefined)) as { version?: unknown } | undefined;
  if (answer?.ok && typeof version?.version === "string")
    return right(finding, `${port} is served by Mayday ${version.version}`);
  return wrong(finding, `${port} is taken by another program`, `end that, or set ${setting}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const server = createServer().once("error", () => answer(false));
    server.listen(port, "127.0.0.1", () => server.close(() => answer(true)));
  });
}

/** Whether a program is there. @param need what it is needed for; optional programs are warned of */
export function checkProgram(program: string, need: string, isOptional: boolean): Finding {
  const { error, stdout } = spawnSync(program, ["--version"], { encoding: "utf8", timeout: ASK_LIMIT_MS });
  if (error === undefined) return right(program, stdout.split("\n")[0]?.slice(0, 100) || "is there");
  const mend = `install it: ${need}`;
  return isOptional ? warning(program, "is not there", mend) : wrong(program, "is not there", mend);
}

/** Whether the process may have enough files open (Linux): each client and each stored object is one. */
export function checkOpenFiles(): Finding {
  const name = "open files";
  const path = "/proc/self/limits";
  const most = existsSync(path)
    ? /^Max open files\s+(\d+)/m.exec(readFileSync(path, "utf8"))?.[1]
    : undefined;
  if (most === undefined) return right(name, "no limit is known");
  if (Number(most) >= LEAST_FILES) return right(name, `${most} at most`);
  return warning(name, `${most} at most`, `ulimit -n 65536, or LimitNOFILE=65536 in the systemd unit`);
}

/** Whether a folder or server of symbols is there. */
export async function checkSymbolSource(source: string): Promise<Finding> {
  const name = "symbol source";
  if (!/^https?:\/\//.test(source)) {
    return existsSync(source)
      ? right(name, source)
      : wrong(name, `${source} is not there`, "make the folder, or take it out of SYMBOL_SOURCES");
  }
  const shown = new URL(source);
  shown.password = shown.password === "" ? "" : "***";
  try {
    const answer = await fetch(source, { method: "HEAD", signal: AbortSignal.timeout(ASK_LIMIT_MS) });
    // Servers have no page at the top: 403 and 404 are answers too.
    if (answer.status < 500) return right(name, `${shown.href} answers ${answer.status}`);
    return warning(name, `${shown.href} answers ${answer.status}`, "see its own log; walks go on without it");
  } catch (error) {
    const why = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
    return warning(
      name,
      `${shown.href} does not answer: ${why}`,
      "check the address and the way there; walks go on without it",
    );
  }
}
