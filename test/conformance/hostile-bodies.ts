import { readFileSync } from "node:fs";
import { deflateSync, gzipSync } from "node:zlib";
import { MaydayError } from "@mayday/errors";
import { readCrashReport } from "../../services/collector/src/intake/crash-report.ts";
import { readHeaderValue } from "../../services/collector/src/intake/header-value.ts";
import { readUnrealReport } from "../../services/collector/src/intake/unreal.ts";
import { fixture } from "../bench/measure.ts";
import { mulberry32 } from "../mulberry32.ts";

const BODIES = Number(process.env["MAYDAY_MUTATIONS"] ?? 1_000_000);
const MOST_MS = 2000;
const BOUNDARY = "b1";

/**
 * Reads a million forms and archives that were damaged at random: each is answered with a report or a MALFORMED code, soon.
 * The seed is printed; MAYDAY_SEED repeats a run.
 */
export async function hostileBodies(): Promise<boolean> {
  const seed = Number(process.env["MAYDAY_SEED"] ?? Date.now() % 2 ** 31);
  console.log(`  ${BODIES} bodies, seed ${seed}`);
  const random = mulberry32(seed);
  const bodies = wholeBodies();
  const archive = wholeArchive();
  const outcomes = new Map<string, number>();
  let slowest = 0;
  for (let count = 0; count < BODIES; count++) {
    const isArchive = count % 10 === 9;
    const whole = isArchive ? archive : (bodies[count % bodies.length] as Buffer);
    const body = isArchive ? deflateSync(mutated(whole, random)) : mutated(whole, random);
    const started = performance.now();
    const outcome = await outcomeOf(body, isArchive);
    slowest = Math.max(slowest, performance.now() - started);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (!outcome.startsWith("MALFORMED_") && outcome !== "report" && outcome !== "BODY_TOO_LARGE") {
      console.log(`  body ${count}: ${outcome}\n${JSON.stringify(body.toString("latin1").slice(0, 2000))}`);
      return false;
    }
  }
  for (const [outcome, times] of outcomes) console.log(`  ${times} ${outcome}`);
  console.log(`  ${BODIES} of ${BODIES} answered; the slowest took ${slowest.toFixed(0)} ms`);
  return slowest < MOST_MS;
}

async function outcomeOf(body: Buffer, isArchive: boolean): Promise<string> {
  const unwrapping = { maxBytes: 1_000_000, onBytes: () => undefined };
  try {
    if (isArchive) await readUnrealReport(body, new URLSearchParams("AppID=a"), unwrapping);
    else await readCrashReport(body, BOUNDARY, unwrapping);
    readHeaderValue(body.toString("latin1", 0, 200));
    return "report";
  } catch (error) {
    return error instanceof MaydayError ? error.code : String((error as Error).stack);
  }
}

function wholeBodies(): Buffer[] {
  const dump = readFileSync(fixture("demo/demo.dmp")).subarray(0, 600);
  const part = (headers: string, content: Buffer | string) =>
    Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\n${headers}\r\n\r\n`),
      Buffer.from(content),
      Buffer.from("\r\n"),
    ]);
  const form = (...parts: Buffer[]) => Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
  const field = (name: string, value: string) =>
    part(`Content-Disposition: form-data; name="${name}"`, value);
  const file = (name: string, content: Buffer | string, type = "application/octet-stream") =>
    part(
      `Content-Disposition: form-data; name="${name}"; filename="C:\\x\\${name}"\r\nContent-Type: ${type}`,
      content,
    );
  const extra = '{"ProductName":"Teapot","Id":1161888007138312193,"List":[1,{"a":null}],"Ratio":1.10}';
  const inner = form(field("prod", "x"), file("upload_file_minidump", dump))
    .toString("latin1")
    .replaceAll("--b1", "--b2");
  return [
    form(field("ProductName", "Teapot"), field("Version", "1"), file("upload_file_minidump", dump)),
    form(
      part(
        'Content-Disposition: form-data; name="extra"; filename="extra.json"\r\nContent-Type: application/json',
        extra,
      ),
      file("upload_file_minidump", gzipSync(dump)),
    ),
    form(
      field("_charset_", "utf-16le"),
      field("a[]", "1"),
      field("a[]", "2"),
      file("log", "text", "text/plain; charset=x"),
    ),
    form(field("a", "b"), file("upload_file_minidump", Buffer.from(inner, "latin1"))),
    form(
      part(
        "Content-Disposition: form-data;\r\n name=x;\r\n\tfilename*=utf-8''%C3%A4\r\nContent-Transfer-Encoding: base64",
        "TURNUA==",
      ),
      field("a", "b"),
    ),
  ];
}

/** An archive of Unreal's CrashReportClient before it is compressed. */
function wholeArchive(): Buffer {
  const number = (value: number) => Buffer.from(Int32Array.of(value).buffer);
  const text = (value: string | Buffer) =>
    Buffer.concat([number(Buffer.byteLength(value)), Buffer.from(value)]);
  const context =
    "<FGenericCrashContext><RuntimeProperties><GameName>T</GameName></RuntimeProperties></FGenericCrashContext>";
  const file = (name: string, content: string) => Buffer.concat([number(0), text(name), text(content)]);
  return Buffer.concat([
    Buffer.from("CR1"),
    text("folder\0\0"),
    text("archive"),
    number(0),
    number(2),
    file("CrashContext.runtime-xml", context),
    file("UEMinidump.dmp", "MDMP of a game"),
  ]);
}

/** A body with some bytes changed, removed, doubled or moved, or cut off. */
function mutated(whole: Buffer, random: () => number): Buffer {
  let body = Buffer.from(whole);
  const below = (limit: number) => Math.floor(random() * limit);
  for (let times = 1 + below(4); times > 0; times--) {
    const at = below(body.length);
    const length = below(Math.min(64, body.length - at)) + 1;
    switch (below(5)) {
      case 0:
        body[at] = below(256);
        break;
      case 1:
        body = Buffer.concat([body.subarray(0, at), body.subarray(at + length)]);
        break;
      case 2:
        body = Buffer.concat([body.subarray(0, at + length), body.subarray(at)]);
        break;
      case 3:
        body.copy(body, below(body.length), at, at + length);
        break;
      default:
        if (random() < 0.3) body = body.subarray(0, at + 1);
        else body.write(PIECES[below(PIECES.length)] as string, at, "latin1");
    }
    if (body.length === 0) body = Buffer.from("-");
  }
  return body;
}

const PIECES = [
  "\r\n",
  "--b1",
  "--b1--",
  '"',
  "\\",
  ";",
  "=",
  "\0",
  "\r\n\r\n",
  "{",
  "[[[[",
  "MDMP",
  "\x1f\x8b",
  "application/json",
  "name=",
  "extra",
  "charset=",
  "\n ",
];
