import { errorCodes } from "@mayday/errors";
import { minidumpErrors } from "@mayday/minidump";
import { printedFrom, table } from "./table.ts";

export function errorsPage(): string {
  const codes = Object.entries(errorCodes).map(([code, { http, says }]) => [
    `\`${code}\``,
    String(http),
    says,
  ]);
  const dumps = Object.entries(minidumpErrors).map(([name, says]) => [`\`${name}\``, says]);
  return [
    "# Error codes",
    printedFrom("packages/errors/src/error-codes.ts and packages/minidump/src/minidump-error.ts"),
    "A code is never given to another error. Commands print `CODE: text` on standard error.",
    table(["code", "HTTP status", "it says"], codes),
    "## Minidumps that cannot be read",
    "These stand in a processed crash's `mdsw_status_string`.",
    table(["name", "it says"], dumps),
  ]
    .join("\n\n")
    .concat("\n");
}
