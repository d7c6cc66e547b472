import { readFileSync } from "node:fs";
import { multipartParts } from "../../services/collector/src/intake/multipart.ts";
import { absent, compare, median, sharedFile } from "./measure.ts";

const ROUNDS = 500;

/** Cutting the body that Firefox's crash reporter sent, beside a bare search through the same bytes. */
export async function intake(): Promise<void> {
  const path = sharedFile("firefox-esr-153/submissions/parent-sigsegv.multipart");
  if (path === undefined) return absent("Firefox's recorded submission");
  const body = readFileSync(path);
  const boundary = body.toString("latin1", 2, body.indexOf("\r\n"));
  const megabytes = (body.length * ROUNDS) / 1e6;
  const rounds = (work: () => unknown) => () => {
    for (let round = 0; round < ROUNDS; round++) work();
  };
  const cut = await median(
    5,
    rounds(() => Array.from(multipartParts(body, boundary))),
  );
  const search = await median(
    5,
    rounds(() => body.indexOf("--no such boundary")),
  );
  compare("multipart cut", megabytes / (cut / 1000), "bare search", megabytes / (search / 1000), "MB/s");
}
