import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openService } from "../test-support/open-service.ts";
import { uploadArchive } from "../test-support/upload.ts";
import { zipOf } from "../test-support/zip.ts";
import { noteHealing } from "../uploads/note-healing.ts";

const { service, parts } = await openService({
  SYMBOLS_TOKENS:
    "KEY:upload_symbols+view_all_uploads:owner@example.com,TRY:upload_try_symbols:try@example.com",
});
const ID = "000102030405060708090A0B0C0D0E0F0";
const text = (name: string, id = ID) =>
  Buffer.from(
    `MODULE windows x86_64 ${id} ${name}.pdb\nINFO CODE_ID 5ED439916EB4000 ${name}.dll\nPUBLIC 1000 0 p\n`,
  );
const archive = (name: string, content = text(name)) =>
  zipOf([{ name: `${name}.pdb/${ID}/${name}.sym`, content }]);
const get = (url: string, headers = {}) => service.inject({ url, headers });

describe("an upload", () => {
  it("is served to who asks for it, and found by its code", async () => {
    const { status } = await uploadArchive(service, archive("one"));
    expect(status).toBe(201);
    const file = await get(`/one.pdb/${ID}/one.sym`, { "accept-encoding": "gzip" });
    expect(gunzipSync(file.rawPayload)).toEqual(text("one"));
    const redirect = await get("/one.dll/5ED439916EB4000/one.sym?x=y");
    expect([redirect.statusCode, redirect.headers.location]).toEqual([302, `/one.pdb/${ID}/one.sym?x=y`]);
    expect((await get("/api/syminfo/one.dll/5ed439916eb4000")).json()).toMatchObject({
      debug_filename: "one.pdb",
    });
  });

  it("is found at once where it was missed before", async () => {
    expect((await get(`/late.pdb/${ID}/late.sym`)).statusCode).toBe(404);
    await uploadArchive(service, archive("late"));
    expect((await get(`/late.pdb/${ID}/late.sym`)).statusCode).toBe(200);
  });

  it("that holds what is there skips it, and one of other content takes its place", async () => {
    await uploadArchive(service, archive("two"));
    const again = await uploadArchive(service, archive("two"));
    expect(again.answer.upload?.["skipped_keys"]).toEqual([`two.pdb/${ID}/two.sym`]);
    const other = Buffer.concat([text("two"), Buffer.from("PUBLIC 2000 0 q\n")]);
    const changed = await uploadArchive(service, archive("two", other));
    expect(changed.answer.upload?.["skipped_keys"]).toEqual([]);
    expect((await get(`/two.pdb/${ID}/two.sym`)).payload).toBe(other.toString());
  });

  it("of a try build is apart from the others", async () => {
    await uploadArchive(service, archive("tried"), "TRY");
    expect((await get(`/tried.pdb/${ID}/tried.sym`)).statusCode).toBe(404);
    expect((await get(`/try/tried.pdb/${ID}/tried.sym`)).statusCode).toBe(200);
  });

  it("tells what is odd about a file, which is stored all the same", async () => {
    const other = "F".repeat(33);
    const content = Buffer.concat([text("odd", other), Buffer.from("gibberish\n")]);
    const { answer } = await uploadArchive(service, archive("odd", content));
    const whole = await get(`/api/uploads/upload/${answer.upload?.["id"]}`, { "auth-token": "KEY" });
    expect(whole.json().upload.file_uploads[0].problems).toEqual([
      `its MODULE record has the debug id ${other}`,
    ]);
    expect((await get(`/odd.pdb/${ID}/odd.sym`)).statusCode).toBe(200);
  });

  it.each([
    [undefined, "This requires an Auth-Token to authenticate the request"],
    ["NONE", "API Token not matched"],
  ])("needs a token: %s is refused", async (token, error) => {
    const headers = token === undefined ? {} : { "auth-token": token };
    const refused = await service.inject({ method: "POST", url: "/upload/", headers, payload: "x" });
    expect([refused.statusCode, refused.json()]).toEqual([403, { error }]);
  });
});

describe("the crashes that missed what was uploaded", () => {
  const healingOf = async (id: unknown) => {
    const whole = await get(`/api/uploads/upload/${id}`, { "auth-token": "KEY" });
    return whole.json().upload.healing;
  };

  it("are told on the upload, of all its healings together, each as it was told last", async () => {
    const { answer } = await uploadArchive(service, archive("healing"));
    const id = answer.upload?.["id"] as number;
    expect(await healingOf(id)).toBeUndefined();
    const { uploads } = parts.shelf;
    const note = (healing: string, asked: number, healed: number, changed: number, isOver: boolean) =>
      noteHealing(uploads, { uploadId: id, healing, asked, healed, changed, isOver });
    await note("a", 1204, 0, 0, false);
    await note("a", 1204, 1200, 312, false);
    expect(await healingOf(id)).toEqual({
      crashes: 1204,
      healed: 1200,
      signatures_changed: 312,
      is_over: false,
      text: "healed 1,200 crashes, 312 signatures changed; 4 wait",
    });
    await note("a", 1204, 1203, 312, true);
    await note("b", 1, 1, 1, true);
    expect(await healingOf(id)).toMatchObject({
      crashes: 1205,
      is_over: true,
      text: "healed 1,204 crashes, 313 signatures changed",
    });
  });

  it("tell how they could be read before and after, of all healings that noted it together", async () => {
    const { answer } = await uploadArchive(service, archive("effect"));
    const id = answer.upload?.["id"] as number;
    const facts = { uploadId: id, asked: 2, healed: 2, changed: 2, isOver: true };
    const change = { before: "a.so@0x1", after: "brew", crashes: 2 };
    const effect = { before: { frames: 5, named: 0 }, after: { frames: 6, named: 6 }, changes: [change] };
    const { uploads } = parts.shelf;
    await noteHealing(uploads, { ...facts, healing: "a" });
    expect(await healingOf(id)).not.toHaveProperty("frames");
    await noteHealing(uploads, { ...facts, healing: "b", effect });
    const other = { before: "b.so", after: "pour", crashes: 3 };
    await noteHealing(uploads, { ...facts, healing: "c", effect: { ...effect, changes: [change, other] } });
    expect(await healingOf(id)).toMatchObject({
      frames: { before: { frames: 10, named: 0 }, after: { frames: 12, named: 12 } },
      changes: [{ ...change, crashes: 4 }, other],
    });
  });
});

describe("an upload by plan", () => {
  const content = text("plan");
  const file = {
    key: `plan.pdb/${ID}/plan.sym`,
    size: content.length,
    md5_hash: createHash("md5").update(content).digest("hex"),
  };
  const plan = async () => {
    const payload = JSON.stringify({ files: [file] });
    const planned = await service.inject({
      method: "POST",
      url: "/upload/v2/",
      headers: { "auth-token": "KEY" },
      payload,
    });
    return planned.json();
  };
  const put = (url: string, payload: Buffer) =>
    service.inject({
      method: "PUT",
      url: new URL(url).pathname,
      payload,
      headers: { "content-type": "text/plain" },
    });

  it("takes the file that was planned and no other, and is known by its code then", async () => {
    const { url, content_encoding } = (await plan()).files[0].action;
    expect(content_encoding).toBe("gzip");
    const other = Buffer.from(content).fill("x", 10, 20);
    expect((await put(url, gzipSync(other))).json()).toMatchObject({
      error: expect.stringContaining("another file than was planned"),
    });
    expect((await put(url, gzipSync(Buffer.alloc(content.length * 50)))).statusCode).toBe(400);
    expect((await put(url, gzipSync(content).subarray(0, 30))).statusCode).toBe(400);
    expect((await get(`/plan.pdb/${ID}/plan.sym`)).statusCode).toBe(404);
    expect((await put(url, gzipSync(content))).statusCode).toBe(200);
    expect((await get("/plan.dll/5ED439916EB4000/plan.sym")).headers.location).toBe(
      `/plan.pdb/${ID}/plan.sym`,
    );
    const { id, files } = await plan();
    expect(files[0].action).toEqual({ type: "skip" });
    expect((await parts.shelf.uploads.read(id))?.skippedKeys).toEqual([file.key]);
  });

  it("takes nothing at an address that nobody was told", async () => {
    expect((await put(`http://x/upload/v2/${"0".repeat(48)}/0`, content)).statusCode).toBe(404);
  });
});
