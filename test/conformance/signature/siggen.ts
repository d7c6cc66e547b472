import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { CrashData, SignatureResult } from "@mayday/signature";

/** What signature generation answers, by which generators are compared. */
export interface Answer {
  readonly signature: string;
  readonly notes: readonly string[];
  readonly proto_signature: string | null;
}

export interface SiggenAnswer {
  /** As siggen is. */
  readonly siggen: Answer;
  /** With the changes that Socorro has made since. */
  readonly changed: Answer;
  /** The changes that make the two differ for this crash. */
  readonly kinds: readonly string[];
}

const program = fileURLToPath(new URL("run-siggen.py", import.meta.url));

/** The version of siggen that python3 has; undefined where it has none. */
export function siggenVersion(): string | undefined {
  const { status, stdout } = spawnSync("python3", ["-c", "import siggen; print(siggen.__version__)"], {
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** Siggen's answers for these crashes, in their order. */
export async function askSiggen(lists: string, crashes: readonly CrashData[]): Promise<SiggenAnswer[]> {
  const child = spawn("python3", [program, lists], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  Readable.from(crashes.map((crash) => `${JSON.stringify(crash)}\n`)).pipe(child.stdin);
  const answers: SiggenAnswer[] = [];
  for await (const line of createInterface(child.stdout)) answers.push(JSON.parse(line));
  const [code] = await ended;
  if (code !== 0) throw new Error(`run-siggen.py ended with code ${code}`);
  return answers;
}

export function answerOf({ signature, notes, protoSignature }: SignatureResult): Answer {
  return { signature, notes, proto_signature: protoSignature ?? null };
}

export function areEqual(a: Answer, b: Answer): boolean {
  return (
    a.signature === b.signature &&
    a.proto_signature === b.proto_signature &&
    a.notes.length === b.notes.length &&
    a.notes.every((note, index) => note === b.notes[index])
  );
}
