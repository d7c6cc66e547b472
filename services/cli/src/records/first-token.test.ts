import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { permissions } from "@mayday/crash";
import { openRecords } from "@mayday/records/open";
import { afterAll, describe, expect, it } from "vitest";
import { firstToken } from "./first-token.ts";

const MAYDAY_DATA_DIR = mkdtempSync(join(tmpdir(), "mayday-first-token-"));
afterAll(() => rmSync(MAYDAY_DATA_DIR, { recursive: true }));

describe("the administrator's token", () => {
  it("is made at the first start, may do everything, and is not made again", async () => {
    const settings = { MAYDAY_DATA_DIR, DATABASE_URL: "" };
    const text = await firstToken(settings);
    const records = await openRecords(settings);
    expect((await records.tokens.find(text ?? ""))?.permissions).toEqual([...permissions].sort());
    expect(await firstToken(settings)).toBeUndefined();
    // One that was revoked is not replaced behind anybody's back.
    const [token] = await records.tokens.list();
    await records.tokens.revoke(token!.id);
    expect(await firstToken(settings)).toBeUndefined();
    await records.close();
  });
});
