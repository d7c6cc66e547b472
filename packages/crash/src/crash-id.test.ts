import { describe, expect, it } from "vitest";
import { collectionDay, dayOf, findCrashId, newCrashId, parseCrashId } from "./index.ts";

const uuid = "de1bb258-cbbf-4589-a673-34f800999999";

describe("crash ids", () => {
  it("end in the throttle's digit and the UTC day of collection", () => {
    const id = newCrashId(uuid, new Date("2026-08-20T23:59:59Z"), 3);
    expect(id).toBe("de1bb258-cbbf-4589-a673-34f803260820");
    expect(collectionDay(id)).toBe("20260820");
    expect(dayOf(new Date("2026-08-20T23:59:59Z"))).toBe("20260820");
  });

  it("are read as people write them", () => {
    const id = "de1bb258-cbbf-4589-a673-34f800260820";
    expect(parseCrashId(id)).toBe(id);
    expect(parseCrashId(` bp-${id}\n`)).toBe(id);
    expect(parseCrashId(`https://crashes.example.com/report/index/bp-${id}`)).toBe(id);
  });

  it.each([
    "",
    "bp-",
    "de1bb258-cbbf-4589-a673-34f80026082",
    "de1bb258-cbbf-4589-a673-34f80026082x",
    "../../etc/passwd",
  ])("are not made of %j", (text) => {
    expect(parseCrashId(text)).toBeUndefined();
  });
});

describe("the crash id in what a client kept", () => {
  const id = "de1bb258-cbbf-4589-a673-34f800260820";
  it.each([
    id,
    `bp-${id}`,
    ` bp-${id} \n`,
    `CrashID=bp-${id}\n`,
    `CrashID=${id}`,
    `"CrashID%3Dbp-${id}"`,
    id.toUpperCase(),
    `BP-${id.toUpperCase()}`,
    `{${id}}`,
    `<${id}>`,
    id.replaceAll("-", ""),
    `http://127.0.0.1:8020/report/index/bp-${id}?x=1#tab`,
    `https://crashes.example.com/report/index/${id}/#threads`,
    `https://crashes.example.com/api/RawCrash/?crash_id=${id}&format=raw`,
    `Uploaded: ${id} (see ${id})`,
  ])("is found in %j", (text) => expect(findCrashId(text)).toBe(id));

  it.each([
    "",
    "tea",
    `${id}0`,
    `0${id}`,
    `${id}-ab`,
    `../${id}\0`,
    id.replace("-", ""),
    `${id} ${id.replace("d", "e")}`,
    `${" x".repeat(3000)}${id}`,
    "de1bb258-cbbf-4589-a673-34f80026082x",
  ])("is not made up of %j", (text) => expect(findCrashId(text)).toBeUndefined());
});
