import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { repository } from "./pipeline.ts";

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Sends bytes with exactly these headers, as a recorded client did. */
export function postBytes(url: string, body: Uint8Array, headers: Record<string, string>): Promise<Answer> {
  return new Promise((done, failed) => {
    const outgoing = request(url, { method: "POST", headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        done({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      );
    });
    outgoing.on("error", failed);
    outgoing.end(body);
  });
}

/** Submits a form as a client would. */
export async function postForm(
  collector: string,
  annotations: Record<string, string>,
  dumps: Record<string, Uint8Array> = {},
): Promise<Answer> {
  const form = new FormData();
  for (const [name, value] of Object.entries(annotations)) form.set(name, value);
  for (const [name, bytes] of Object.entries(dumps)) {
    form.set(
      name,
      new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "application/octet-stream" }),
      "x.dmp",
    );
  }
  const response = await fetch(`${collector}/submit`, { method: "POST", body: form });
  return { status: response.status, text: await response.text() };
}

export const demoDump = () => readFileSync(join(repository, "fixtures", "demo", "demo.dmp"));
export const demoAnnotations = (): Record<string, string> =>
  JSON.parse(readFileSync(join(repository, "fixtures", "demo", "annotations.json"), "utf8"));
export const demoSymbols = join(repository, "fixtures", "symbols");
