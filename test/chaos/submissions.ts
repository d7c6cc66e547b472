import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

/** A report that was answered with a crash id. */
export interface Answered {
  readonly crashId: string;
  /** SHA-256 of the dump that was sent, hex. */
  readonly checksum: string;
}

const CLIENTS = 32;
const DUMP_BYTES = 2000;

/**
 * Sends `count` reports at full speed. What is not answered with a crash id is sent again, as Firefox does.
 * @param onAnswered told how many are answered
 */
export async function submitAll(
  url: string,
  count: number,
  random: () => number,
  onAnswered: (answered: number) => void,
): Promise<{ answered: Answered[]; repeated: number }> {
  const answered: Answered[] = [];
  let next = 0;
  let repeated = 0;
  const client = async () => {
    while (next < count) {
      const report = reportOf(next++, random);
      for (;;) {
        const crashId = await submit(url, report.body);
        if (crashId !== undefined) {
          answered.push({ crashId, checksum: report.checksum });
          onAnswered(answered.length);
          break;
        }
        repeated++;
        await sleep(20 + random() * 200);
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { answered, repeated };
}

function reportOf(number: number, random: () => number): { body: Buffer; checksum: string } {
  const dump = Buffer.from(
    Array.from({ length: DUMP_BYTES / 4 }, () => Math.floor(random() * 2 ** 32)).join(" "),
  );
  const part = (name: string, value: string) =>
    `--b1\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const body = Buffer.concat([
    Buffer.from(
      `${part("ProductName", "Chaos")}${part("Version", "1.0")}${part("Sequence", String(number))}--b1\r\n` +
        `Content-Disposition: form-data; name="upload_file_minidump"; filename="a.dmp"\r\n` +
        `Content-Type: application/octet-stream\r\n\r\n`,
    ),
    dump,
    Buffer.from("\r\n--b1--\r\n"),
  ]);
  return { body, checksum: createHash("sha256").update(dump).digest("hex") };
}

async function submit(url: string, body: Buffer): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/submit`, {
      method: "POST",
      headers: { "content-type": "multipart/form-data; boundary=b1" },
      body: body as Uint8Array<ArrayBuffer>,
      signal: AbortSignal.timeout(30_000),
    });
    return /^CrashID=bp-(\S+)\n$/.exec(await response.text())?.[1];
  } catch {
    return undefined;
  }
}
