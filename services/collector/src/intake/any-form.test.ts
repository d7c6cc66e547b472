import { gzipSync, zstdCompressSync } from "node:zlib";
import { MaydayError } from "@mayday/errors";
import fc from "fast-check";
import { expect, it } from "vitest";
import { readCrashReport } from "./crash-report.ts";

// Forms as all kinds of programs write them, and as none should.

const BOUNDARY = "b1";
const MINIDUMP = Buffer.from("MDMP\x93\xa7\0\0 a minidump of a crash \xff\r\n--b\r\n", "latin1");

interface Written {
  readonly headers: string[];
  readonly content: Buffer;
  /** Parts of one key say nothing more than one of them. */
  readonly key?: string;
}

const upTo = <T>(...values: T[]) => fc.constantFrom(...values);
const name = upTo("upload_file_minidump", "dump", "crash", "a b", "upload_file_minidump_browser", "file[]");
const filename = upTo(
  undefined,
  "",
  "x.dmp",
  "C:\\dumps\\",
  "C:\\Users\\j\\x.dmp",
  "Absturz-ä.dmp",
  'a"b;c.dmp',
);
const type = upTo(
  undefined,
  "",
  "application/octet-stream",
  "text/plain",
  "Text/Plain; charset=utf-8",
  "application/json",
  "application/x-dmp",
  "multipart/mixed",
  "nonsense",
);
const transfer = upTo(undefined, "binary", "8bit", "7BIT", "base64", "quoted-printable");
const quoting = upTo("plain", "escaped", "token", "star");
const folded = upTo("\r\n ", "\r\n\t", " ", "");

function parameter(key: string, value: string, quoted: string): string {
  if (quoted === "token" && /^[\w.]+$/.test(value)) return `${key}=${value}`;
  if (quoted === "star") return `${key}*=utf-8''${encodeURIComponent(value)}`;
  return quoted === "escaped" ? `${key}="${value.replace(/(["\\])/g, "\\$1")}"` : `${key}="${value}"`;
}

const transferred = (bytes: Buffer, encoding: string | undefined): Buffer => {
  if (encoding === "base64") return Buffer.from(bytes.toString("base64").replace(/.{76}/g, "$&\r\n"));
  if (encoding !== "quoted-printable") return bytes;
  return Buffer.from(
    [...bytes].map((byte) => `=${byte.toString(16).padStart(2, "0").toUpperCase()}`).join(""),
  );
};

const wrapped = fc.constantFrom<(bytes: Buffer) => Buffer>(
  (bytes) => bytes,
  (bytes) => gzipSync(bytes),
  (bytes) => zstdCompressSync(bytes),
  (bytes) => gzipSync(gzipSync(bytes)),
);

function partOf(content: fc.Arbitrary<Buffer>): fc.Arbitrary<Written> {
  const parts = {
    name: fc.option(name, { nil: undefined }),
    filename,
    type,
    transfer,
    quoting,
    folded,
    content,
  };
  return fc.record(parts).map(({ name, filename, type, transfer, quoting, folded, content }) => {
    const disposition = [
      "form-data",
      ...(name === undefined ? [] : [parameter("name", name, quoting === "star" ? "plain" : quoting)]),
      ...(filename === undefined ? [] : [parameter("filename", filename, quoting)]),
    ];
    return {
      headers: [
        `Content-Disposition: ${disposition.join(`;${folded}`)}`,
        ...(type === undefined ? [] : [`Content-Type: ${type}`]),
        ...(transfer === undefined ? [] : [`content-transfer-encoding: ${transfer}`]),
      ],
      content: transferred(content, transfer),
      // JSON may be annotations, whatever its part is called.
      key: `${content.toString("latin1").startsWith("{") ? "" : name} ${content.toString("latin1")}`,
    };
  });
}

const bodyOf = (parts: readonly Written[], preamble: string) =>
  Buffer.concat([
    Buffer.from(preamble),
    ...parts.flatMap(({ headers, content }) => [
      Buffer.from(`--${BOUNDARY}\r\n${headers.map((line) => `${line}\r\n`).join("")}\r\n`),
      content,
      Buffer.from("\r\n"),
    ]),
    Buffer.from(`--${BOUNDARY}--\r\nepilogue`),
  ]);

const field: Written = {
  headers: ['Content-Disposition: form-data; name="ProductName"'],
  content: Buffer.from("Teapot"),
};
const preamble = upTo("", "\r\n", "\r\n\r\n", "This is a message in MIME.\r\n");
const read = (body: Buffer) =>
  readCrashReport(body, BOUNDARY, { maxBytes: 1e6, onBytes: () => undefined }).catch((error) => {
    if (error instanceof MaydayError && error.code.startsWith("MALFORMED_")) return undefined;
    throw error;
  });

it("a form with a minidump in it yields the minidump, however it is written", async () => {
  const dump = partOf(wrapped.map((wrap) => wrap(MINIDUMP)));
  const others = fc.array(partOf(fc.uint8Array({ maxLength: 40 }).map(Buffer.from)), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(dump, others, preamble, fc.boolean(), async (dump, others, preamble, isLast) => {
      const parts = isLast ? [field, ...others, dump] : [dump, field, ...others];
      const report = await read(bodyOf(parts, preamble));
      if (report === undefined) return;
      const kept = [...report.dumps].filter(([, bytes]) => bytes.equals(MINIDUMP)).map(([name]) => name);
      expect(kept).toHaveLength(1);
      expect(report.attachments).not.toHaveProperty(kept);
    }),
    { numRuns: 2000 },
  );
});

it("nothing of a form is dropped without a note", async () => {
  const content = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ minLength: 1, maxLength: 60 }).map((text) => Buffer.from(text)),
    upTo('{"a":1}', "[1,2]", "no", "--b2\r\nx").map((text) => Buffer.from(text)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(partOf(content), { minLength: 1, maxLength: 6 }),
      preamble,
      async (parts, preamble) => {
        const report = await read(bodyOf([field, ...parts], preamble));
        if (report === undefined) return;
        const texts = Object.values(report.annotations).flat().length;
        const files = report.dumps.size;
        const said = report.notes.filter((note) => note.startsWith("dropped")).length;
        // JSON without a file name is annotations, of which there may be several; two that are equal are one.
        expect(texts + files + said).toBeGreaterThanOrEqual(1 + new Set(parts.map(({ key }) => key)).size);
      },
    ),
    { numRuns: 2000 },
  );
});

it("any bytes are answered with a report or a refusal", async () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(bytes, bytes, async (before, after) => {
      await read(Buffer.concat([before, Buffer.from("\r\n--b1\r\n"), after]));
      const body = bodyOf([field, { headers: [], content: MINIDUMP }], "");
      for (const [index, byte] of before.entries()) body[(index * 7919 + byte) % body.length] = byte;
      await read(body);
    }),
    { numRuns: 2000 },
  );
});
