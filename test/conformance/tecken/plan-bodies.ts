import { createHash } from "node:crypto";
import { FOO, ID, type SentBody, symText } from "./upload-bodies.ts";

/** A file of a plan, as a client tells of it. */
function planned(key: string, content: Uint8Array) {
  return { key, size: content.length, md5_hash: createHash("md5").update(content).digest("hex") };
}

const json = (value: unknown): SentBody => ({ body: Buffer.from(JSON.stringify(value)) });
const plan = (...files: readonly unknown[]) => json({ files });

/** Files that are sent to the addresses of plans, by key. */
export const PLANNED: Readonly<Record<string, Buffer>> = {
  [`v2.pdb/${ID}/v2.sym`]: symText("v2.pdb", ID),
  [`v2.pdb/${ID}/v2.pd_`]: Buffer.from("not compressed"),
};

const known = Object.entries(PLANNED).map(([key, content]) => planned(key, content));
const sym = known[0];
const other = { key: "a/AB/a.sym", size: 5, md5_hash: "0".repeat(32) };
const foo = planned(`foo.pdb/${ID}/foo.sym`, FOO[2]?.content as Buffer);
const sized = (key: string, size: unknown) =>
  `{"files":[{"key":"${key}","size":${size},"md5_hash":"${"0".repeat(32)}"}]}`;
const lower = (id: string) => planned(`lower.pdb/${id}/lower.sym`, symText("lower.pdb", "abcdef1"));

/** The bodies of plans that are recorded by what they try. */
export const planBodies: Readonly<Record<string, () => SentBody>> = {
  "v2 new sym": () => plan(sym),
  "v2 again: skip": () => plan(sym),
  "v2 uncompressed": () => plan(known[1]),
  "v2 regular equal to v1 upload": () => plan(foo),
  "v2 try token, equal to a regular file": () => plan(foo),
  "v2 mixed": () =>
    plan(
      sym,
      { ...other, key: "bad/XYZ/a" },
      { ...other, md5_hash: "A".repeat(32) },
      other,
      { ...other, size: -5 },
      { ...other, key: "a/AB/x-symbols.txt" },
    ),
  "v2 empty body": () => ({ body: Buffer.alloc(0) }),
  "v2 no files": () => json({}),
  "v2 files an object": () => json({ files: {} }),
  "v2 no file": () => plan(),
  "v2 file without keys": () => plan({}),
  "v2 size a text": () => plan({ ...other, size: "5" }),
  "v2 size 1.5": () => plan({ ...other, size: 1.5 }),
  "v2 md5 null": () => plan({ ...other, md5_hash: null }),
  "v2 extra key": () => json({ files: [], more: 1 }),
  "v2 files null": () => json({ files: null }),
  "v2 list": () => json([]),
  "v2 1025 files": () => plan(...Array(1025).fill(sym)),
  "v2 1024 files": () => plan(...Array(1024).fill(sym)),
  "v2 with no permission": () => plan(sym),
  "v2 no token": () => plan(sym),
  "v2 form": () => plan(sym),
  "v2 size -5 alone": () => ({ body: Buffer.from(sized("n/AB/n.sym", -5)) }),
  "v2 size 2^70": () => ({ body: Buffer.from(sized("n/AB/n.sym", 2n ** 70n)) }),
  "v2 size 2^62": () => ({ body: Buffer.from(sized("n/AB/n.sym", 2n ** 62n)) }),
  "v2 size 0 sym": () => plan({ ...other, key: "n/AB/n0.sym", size: 0 }),
  "v2 same key twice": () => plan({ ...other, key: "n/AB/n2.sym" }, { ...other, key: "n/AB/n2.sym" }),
  "v2 3 MB body": () => json({ files: [], x: "x".repeat(3_000_000) }),
  "v2 lower-case id, then equal v1 file": () => plan(lower("abcdef1")),
  "v2 upper-case id of it": () => plan(lower("ABCDEF1")),
  "v2 snippet name": () => plan({ ...other, key: "qcom/AB/proprietary" }),
};
