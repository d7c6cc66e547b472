import type { Permission } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import type { Token } from "@mayday/records";
import { type OpenRecords, withRecords } from "./with-records.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

interface CreateOptions {
  readonly permissions: readonly Permission[];
  readonly days?: number;
  readonly note: string;
  readonly owner: string;
}

export async function createToken(options: CreateOptions, open: OpenRecords): Promise<void> {
  const { permissions, days, note, owner } = options;
  const expires = days === undefined ? undefined : new Date(Date.now() + days * DAY_MS);
  await withRecords(open, async ({ tokens, audit }) => {
    const { text, token } = await tokens.create({ permissions, owner, note, expires });
    await audit.add({ who: owner, what: "token created", target: token.id });
    console.log(text);
  });
}

export async function listTokens({ json }: { json?: true }, open: OpenRecords): Promise<void> {
  const tokens = await withRecords(open, (records) => records.tokens.list());
  if (json) for (const token of tokens) console.log(JSON.stringify(token));
  else if (tokens.length === 0)
    console.log("There are no tokens. Make one: mayday tokens create --permissions view_pii");
  else for (const token of tokens) console.log(lineOf(token));
}

export async function revokeToken(id: string, open: OpenRecords): Promise<void> {
  await withRecords(open, async ({ tokens, audit }) => {
    if (!(await tokens.revoke(id))) {
      throw new MaydayError("TOKEN_UNKNOWN", `there is no valid token with the id ${JSON.stringify(id)}`);
    }
    await audit.add({ who: "administrator", what: "token revoked", target: id });
  });
}

function lineOf({ id, owner, permissions, created, expires, revoked, note }: Token): string {
  const day = (date: Date) => date.toISOString().slice(0, 10);
  const ends = revoked ? `revoked ${day(revoked)}` : expires ? `until ${day(expires)}` : "for ever";
  const may = permissions.join(",") || "no permissions";
  return [id, owner, `from ${day(created)}`, ends, may, note].filter((part) => part !== "").join("  ");
}
