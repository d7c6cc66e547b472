import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRecords } from "@mayday/records/open";
import { afterAll, describe, expect, it } from "vitest";
import { firstThatKnows, tokensFromRecords } from "./tokens-from-records.ts";
import { tokensFromSetting } from "./tokens-from-setting.ts";

const folder = mkdtempSync(join(tmpdir(), "mayday-symbols-tokens-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("tokens of the symbols service", () => {
  it("are those of the setting and those of the records", async () => {
    const records = await openRecords({ MAYDAY_DATA_DIR: folder, DATABASE_URL: "" });
    const { text, token } = await records.tokens.create({ permissions: ["upload_symbols"], owner: "me" });
    const tokens = firstThatKnows(
      tokensFromSetting(["key:upload_try_symbols:you@example.com"]),
      tokensFromRecords(records),
    );
    expect(await tokens.find(text)).toMatchObject({
      kind: "valid",
      owner: { email: "me", permissions: new Set(["upload_symbols"]) },
    });
    expect(await tokens.find("key")).toMatchObject({ kind: "valid", owner: { email: "you@example.com" } });
    expect(await tokens.find("other")).toEqual({ kind: "unknown" });
    await records.tokens.revoke(token.id);
    expect(await tokens.find(text)).toEqual({ kind: "unknown" });
    await records.close();
  });
});
