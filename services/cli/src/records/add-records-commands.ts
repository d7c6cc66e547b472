import { isPermission, type Permission, permissions } from "@mayday/crash";
import { type Command, InvalidArgumentError } from "commander";
import type { ReadUsage } from "./usage-command.ts";
import type { OpenRecords } from "./with-records.ts";

/** Adds `tokens`, `bugs` and `audit`. */
export function addRecordsCommands(program: Command, open: OpenRecords, readUsage: ReadUsage): void {
  const tokens = program
    .command("tokens")
    .description(
      "make, list and revoke the tokens of the APIs, in the records of MAYDAY_DATA_DIR or DATABASE_URL",
    );
  tokens
    .command("create")
    .description("make a token and print it, alone; it cannot be shown again")
    .requiredOption("--permissions <list>", `comma list of ${permissions.join(", ")}`, parsePermissions)
    .option("--days <n>", "how long it is valid; for ever when not given", parseDays)
    .option("--note <text>", "what it is for", "")
    .option("--owner <name>", "whose it is", "administrator")
    .action(async (options) => {
      const { createToken } = await import("./tokens-command.ts");
      await createToken(options, open);
    });
  tokens
    .command("list")
    .description("list all tokens, the newest first")
    .option("--json", "as JSON lines")
    .action(async (options) => {
      const { listTokens } = await import("./tokens-command.ts");
      await listTokens(options, open);
    });
  tokens
    .command("revoke")
    .description("end a token")
    .argument("<id>", "its id, as `list` tells it")
    .action(async (id: string) => {
      const { revokeToken } = await import("./tokens-command.ts");
      await revokeToken(id, open);
    });
  program
    .command("bugs")
    .description("tell which bugs were filed for which signatures")
    .command("import")
    .description(
      "take signatures from a search result of Bugzilla (`/rest/bug?…`) or GitHub (`/search/issues?…`), JSON",
    )
    .argument("<file>", "the search result")
    .action(async (file: string) => {
      const { importBugs } = await import("./bugs-command.ts");
      await importBugs(file, open);
    });
  program
    .command("usage")
    .description("tell how much products were used")
    .command("import")
    .description(
      "take rows of product, version, channel, platform, day, hours, users from a file: CSV with a head, or Parquet",
    )
    .argument("<file>", "ends in .csv or .parquet")
    .action(async (file: string) => {
      const { importUsage } = await import("./usage-command.ts");
      await importUsage(file, open, readUsage);
    });
  program
    .command("audit")
    .description("show who looked at what is protected and who changed what, the newest first")
    .option("--limit <n>", "at most so many", parseCount, 100)
    .option("--since <date>", "from this time on: 2026-08-20, 2026-08-20T10:00:00Z", parseDate)
    .option("--who <name>", "only of this token or name")
    .option("--target <id>", "only what was done to this crash, token …")
    .option("--json", "as JSON lines")
    .action(async (options) => {
      const { auditCommand } = await import("./audit-command.ts");
      await auditCommand(options, open);
    });
}

function parsePermissions(text: string): Permission[] {
  const names = text.split(",").map((name) => name.trim());
  const wrong = names.find((name) => !isPermission(name));
  if (wrong !== undefined) throw new InvalidArgumentError(`There is no permission ${JSON.stringify(wrong)}.`);
  return names.filter(isPermission);
}

function parseDays(text: string): number {
  const days = Number(text);
  if (!(days > 0 && days <= 36_500)) throw new InvalidArgumentError("It must be a number of days.");
  return days;
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1 on.");
  return Number(text);
}

function parseDate(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError("It must be a date.");
  return date;
}
