import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRecords } from "@mayday/records/open";
import { afterAll, describe, expect, it } from "vitest";
import { runMayday } from "../test-support/run-mayday.ts";

const folder = mkdtempSync(join(tmpdir(), "mayday-records-commands-"));
afterAll(() => rmSync(folder, { recursive: true }));
const environment = { MAYDAY_DATA_DIR: folder };
const mayday = (...args: string[]) => runMayday(args, { environment });

describe("the commands about tokens", () => {
  it("print a token alone, that the records know until it is revoked, and leave lines in the audit log", async () => {
    expect((await mayday("tokens", "list")).out).toContain("There are no tokens.");
    const made = await mayday(
      "tokens",
      "create",
      "--permissions",
      "view_pii, view_rawdump",
      "--days",
      "1",
      "--note",
      "me",
    );
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(made.out).toMatch(/^[0-9a-f]{40}\n$/);

    const records = await openRecords({ MAYDAY_DATA_DIR: folder, DATABASE_URL: "" });
    const find = () => records.tokens.find(made.out.trim());
    const token = await find();
    expect(token).toMatchObject({ permissions: ["view_pii", "view_rawdump"], note: "me" });
    const { out: list } = await mayday("tokens", "list");
    expect(list).toContain(token!.id);
    expect(list).not.toContain(made.out.trim());

    expect(await mayday("tokens", "revoke", token!.id)).toMatchObject({ code: 0, out: "" });
    expect(await find()).toBeUndefined();
    expect(await mayday("tokens", "revoke", token!.id)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^TOKEN_UNKNOWN: [^\n]*\n$/),
    });
    await records.close();

    const { out: audit } = await mayday("audit", "--json", "--target", token!.id);
    expect(
      audit
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).what),
    ).toEqual(["token revoked", "token created"]);
  });

  it.each([
    ["--permissions", "view_everything"],
    ["--permissions", "view_pii", "--days", "0"],
    ["--days", "1"],
  ])("refuse %s %s %s %s as bad usage", async (...options) => {
    expect(await mayday("tokens", "create", ...options)).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringMatching(/^USAGE: [^\n]*\n$/),
    });
  });
});
