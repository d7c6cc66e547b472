import { describe, expect, it } from "vitest";
import { collectionDay, dayOf, newCrashId, parseCrashId } from "./index.ts";

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
