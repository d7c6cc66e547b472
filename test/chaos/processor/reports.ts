import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sharedFile } from "../../bench/measure.ts";
import { demoAnnotations, demoDump, postBytes } from "../../system/submit.ts";

/** A body as a client sends it. */
export interface Report {
  readonly path: string;
  readonly body: Uint8Array;
  readonly headers: Record<string, string>;
}

/** What is submitted, by turns: real dumps whose symbols the source has, and bytes that are no dump. */
export function reports(): ((random: () => number) => Report)[] {
  const demo = formOf(demoAnnotations(), demoDump());
  const kinds = [
    () => demo,
    () => demo,
    (random: () => number) => formOf({ ProductName: "Chaos", Version: "1.0" }, junk(random)),
  ];
  const firefox = sharedFile("firefox-esr-153/submissions");
  return firefox === undefined ? kinds : [...kinds, recordedIn(firefox)];
}

/** Firefox' own submission; one in five of its turns, since it is large. */
function recordedIn(folder: string): (random: () => number) => Report {
  const { url, headers } = JSON.parse(readFileSync(join(folder, "parent-sigsegv.request.json"), "utf8"));
  const whole = { path: url, body: readFileSync(join(folder, "parent-sigsegv.multipart")), headers };
  const other = formOf(demoAnnotations(), demoDump());
  return (random) => (random() < 0.2 ? whole : other);
}

/** Folders of the symbols. */
export function symbolFolders(): string[] {
  const firefox = sharedFile("firefox-esr-153/symbols");
  const folders = [
    join(import.meta.dirname, "../../../fixtures/symbols"),
    ...(firefox === undefined ? [] : [firefox]),
  ];
  return folders.filter((folder) => existsSync(folder));
}

const junk = (random: () => number) =>
  Buffer.from(Array.from({ length: 200 }, () => Math.floor(random() * 2 ** 32)).join(" "));

function formOf(annotations: Record<string, string>, dump: Uint8Array): Report {
  const parts = Object.entries(annotations).map(
    ([name, value]) => `--b1\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = `--b1\r\nContent-Disposition: form-data; name="upload_file_minidump"; filename="a.dmp"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(parts.join("") + head), dump, Buffer.from("\r\n--b1--\r\n")]);
  return {
    path: "/submit",
    body,
    headers: { "content-type": "multipart/form-data; boundary=b1", "content-length": String(body.length) },
  };
}

/** Sends a report until it is answered with a crash id. */
export async function submit(collector: string, report: Report): Promise<string> {
  for (;;) {
    const id = await submitOnce(collector, report);
    if (id !== undefined) return id;
  }
}

/**
 * Sends a report.
 * @returns the crash id of the answer; undefined where there is none, and the report is to be sent again
 */
export async function submitOnce(
  collector: string,
  { path, body, headers }: Report,
): Promise<string | undefined> {
  const answer = await postBytes(`${collector}${path}`, body, headers).catch(() => undefined);
  const id = /^CrashID=bp-(\S+)\n$/.exec(answer?.text ?? "")?.[1];
  if (id === undefined && answer?.status === 200) throw new Error(`the collector answers ${answer.text}`);
  return id;
}
