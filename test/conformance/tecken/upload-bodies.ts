import { type ZipMember, zipOf } from "../../../services/symbols/src/test-support/zip.ts";

/** A body that is sent with a recorded request, and its type. */
export interface SentBody {
  readonly type?: string;
  readonly body: Buffer;
  /** Bytes of the archive in it. */
  readonly archiveSize?: number;
}

export const ID = "0123456789ABCDEF0123456789ABCDEF1";
const CODE = "INFO CODE_ID 5ED439916EB4000 foo.dll\nINFO GENERATOR mozilla/dump_syms 2.3.1\n";
const BOUNDARY = "BOUND123";

/** The text of a symbol file. @param code what it tells of its code */
export function symText(debugFile: string, debugId: string, tail = "PUBLIC 1000 0 a\n", code = ""): Buffer {
  return Buffer.from(`MODULE windows x86_64 ${debugId} ${debugFile}\n${code}${tail}`);
}

const member = (name: string, content: Uint8Array): ZipMember => ({ name, content });
const module = (name: string, id = ID, tail?: string) =>
  member(`${name}.pdb/${id}/${name}.sym`, symText(`${name}.pdb`, id, tail));
/** One whose code is foo.dll. */
const coded = (name: string, tail?: string) =>
  member(`${name}.pdb/${ID}/${name}.sym`, symText(`${name}.pdb`, ID, tail, CODE));

const FOO_BYTES = 158 - symText("foo.pdb", ID, "PUBLIC 1000 0 \n", CODE).length;

/** foo.sym as it is uploaded again and again: of 158 bytes, of one more, and of as many. */
export const FOO = ["a".repeat(FOO_BYTES), "a".repeat(FOO_BYTES + 1), "b".repeat(FOO_BYTES + 1)].map((name) =>
  coded("foo", `PUBLIC 1000 0 ${name}\n`),
);
const foo = FOO[2] as ZipMember;

interface FormPart {
  readonly field: string;
  readonly fileName?: string;
  readonly content: Buffer;
}

function form(parts: readonly FormPart[]): Buffer {
  const pieces = parts.map(({ field, fileName, content }) => {
    const name = fileName === undefined ? "" : `; filename="${fileName}"`;
    const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"${name}\r\n`;
    const type = fileName === undefined ? "" : "Content-Type: application/octet-stream\r\n";
    return Buffer.concat([Buffer.from(`${head}${type}\r\n`), content, Buffer.from("\r\n")]);
  });
  return Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

/** A form of one archive. */
function archive(
  content: Buffer,
  field = "symbols.zip",
  fileName = "symbols.zip",
  more: FormPart[] = [],
): SentBody {
  return { body: form([...more, { field, fileName, content }]), archiveSize: content.length };
}

const zip = (...members: readonly ZipMember[]) => archive(zipOf(members));
const bad = (...names: readonly string[]) => zip(...names.map((name) => member(name, Buffer.from("x"))));
const tried = (text: string, name: string) =>
  archive(zipOf([module(name)]), "a.zip", "a.zip", [{ field: "try", content: Buffer.from(text) }]);

const broken = zipOf([{ ...(FOO[0] as ZipMember), lies: { crc: 1 } }]);
const good = zipOf([foo]);

/** The bodies of uploads that are recorded by what they try, not by their bytes. */
export const uploadBodies: Readonly<Record<string, () => SentBody>> = {
  "token: with a label": () => zip(FOO[0] as ZipMember),
  "good (again): skipped": () => zip(FOO[0] as ZipMember),
  "changed content: updated": () => zip(FOO[1] as ZipMember),
  "same size, other md5: updated": () => zip(foo),
  "two files, one new, one skipped": () => zip(foo, coded("bar")),
  "uncompressed kinds": () =>
    zip(
      member(`foo.pdb/${ID}/foo.pd_`, Buffer.from("abc")),
      member("foo.dll/5ED439916EB4000/foo.dl_", Buffer.from("def")),
    ),
  "uncompressed, same size other bytes: skipped": () =>
    zip(member(`foo.pdb/${ID}/foo.pd_`, Buffer.from("xyz"))),
  "ignored: symbols.txt, .DS_Store, directories": () =>
    zip(
      member("foo-symbols.txt", Buffer.from("x")),
      member(".DS_Store", Buffer.from("x")),
      member("foo.pdb/.DS_Store", Buffer.from("x")),
      member("foo.pdb/", Buffer.alloc(0)),
      foo,
    ),
  "sub/x-symbols.txt": () => bad("sub/x-symbols.txt"),
  "empty zip": () => zip(),
  "only ignorable": () => zip(member("x-symbols.txt", Buffer.from("x"))),
  "bad name: one part": () => bad("foo.sym"),
  "bad name: two parts": () => bad("foo/foo.sym"),
  "bad name: four parts": () => bad("a/b/c/d.sym"),
  "bad name: id not hex": () => bad("foo.pdb/XYZ/foo.sym"),
  "bad name: backslash": () => bad("foo.pdb\\ABC\\foo.sym"),
  "bad name: leading slash": () => bad("/foo.pdb/ABC/foo.sym"),
  "bad name: ..": () => bad("../ABC/foo.sym"),
  "bad name: percent": () => bad("a%b/ABC/foo.sym"),
  "bad name: latin-1": () => bad("café.pdb/ABC/foo.sym"),
  "name beyond latin-1, and blanks": () => zip(member("名 a.pdb/ABC/名 a.sym", Buffer.from("x"))),
  "id lower case": () => zip(member("lower.pdb/abcdef1/lower.sym", symText("lower.pdb", "abcdef1"))),
  "disallowed snippet in the name": () => bad("qcom/proprietary/x.sym"),
  "not a zip": () => archive(Buffer.from("not a zip at all")),
  "empty file": () => archive(Buffer.alloc(0)),
  "cut zip": () => archive(good.subarray(0, good.length - 30)),
  "zip with a bad CRC": () => archive(broken),
  "tar.gz": () => archive(good, "symbols.tar.gz"),
  "field named .zip, file named .tar": () => archive(good, "a.zip", "b.tar"),
  "field named file, file named a.zip": () => archive(good, "file", "a.zip"),
  "field named A.ZIP": () => archive(good, "A.ZIP"),
  "two files: only the first counts": () => ({
    body: form([
      { field: "a.zip", fileName: "a.zip", content: good },
      { field: "b.zip", fileName: "b.zip", content: Buffer.from("junk") },
    ]),
    archiveSize: good.length,
  }),
  "same member twice, same size": () => zip(foo, foo),
  "same member twice, other size": () => zip(FOO[0] as ZipMember, foo),
  "file without file name": () => ({ body: form([{ field: "a.zip", content: good }]) }),
  "no parts": () => ({ body: Buffer.from(`--${BOUNDARY}--\r\n`) }),
  "json body": () => ({ body: Buffer.from("{}") }),
  "multipart without boundary": () => ({ body: form([]) }),
  "try='1'": () => tried("1", "t1"),
  "try='0'": () => tried("0", "t2"),
  "try=''": () => tried("", "t3"),
  "try='false'": () => tried("false", "t4"),
  "try token": () => zip(coded("trytok")),
  "try token with a file equal to a regular one": () => zip(foo),
  "token with both permissions": () => zip(module("both")),
  "sym without MODULE line": () => zip(member("nomod.pdb/ABC/nomod.sym", Buffer.from("FUNC 1 1 0 f\n"))),
  "sym of other id than its name": () =>
    zip(member("other.pdb/ABC/other.sym", symText("different.pdb", ID, undefined, CODE))),
  "empty sym": () => zip(member("empty.pdb/ABC/empty.sym", Buffer.alloc(0))),
  "encrypted/odd compression: bzip2": () => archive(zipOf([{ ...foo, lies: { method: 12 } }]), "a.zip"),
  "encrypted zip": () => zip({ ...foo, lies: { flags: 1 } }),
  "compression method 99": () => zip({ ...foo, lies: { method: 99 } }),
  "101 files in the form": () => ({
    body: form(Array.from({ length: 101 }, () => ({ field: "a.zip", fileName: "a.zip", content: good }))),
  }),
  "several bad names in one zip": () => bad("b1", "b2", "b3", "b4"),
  "good and bad name in one zip": () => zip(module("ok", "AB12"), member("bad", Buffer.from("x"))),
  "blank inside names and id with 40 digits": () =>
    zip(member(`a b.pdb/${"A".repeat(40)}/a b.sym`, symText("ab.pdb", "A".repeat(40)))),
  "MODULE name with blank": () => zip(member("c d.pdb/AB13/c d.sym", symText("c d.pdb", "AB13"))),
  "user-agent absent, other content type": () => archive(good, "a.zip"),
};

/** A recorded archive that is fetched by its address. */
export const fetchedArchive = zipOf([module("dl", "D".repeat(32) + 1)]);

/** A form of an address. */
export function urlBody(url: string, isTry: boolean): SentBody {
  return { body: Buffer.from(new URLSearchParams({ url, ...(isTry ? { try: "1" } : {}) }).toString()) };
}
