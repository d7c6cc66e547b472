import { hex8 } from "../bytes/hex.ts";
import { ntStatusTable } from "./tables/nt-status-table.ts";
import { winErrorTable } from "./tables/win-error-table.ts";

/** Bits of an HRESULT or NTSTATUS: a severity, who it is of, and what it is. */
const SEVERITY = 0xf000_0000;
const FACILITY = 0x0fff_0000;
const CODE = 0xffff;

const FACILITY_VISUALCPP = 109;

/** The name of an error code, as GetLastError answers it. */
const winErrorName = lazyNames(winErrorTable);

/** The name of an NTSTATUS. */
export const ntStatusName = lazyNames(ntStatusTable);

/**
 * The words for an error code of Windows, of whatever kind: some numbers are both an error and a status, and then the
 * error is meant (rust-minidump's choice). A number without a name is `unknown 0x…`.
 */
export function windowsErrorText(code: number): string {
  return winErrorName(code) ?? ntStatusName(code) ?? facilityText(code) ?? `unknown ${hex8(code)}`;
}

/** Delay-loading in Visual C++ wraps an error code: `FACILITY_VISUALCPP / ERROR_MOD_NOT_FOUND`. */
function facilityText(code: number): string | undefined {
  if ((code & SEVERITY) === 0 || (code & FACILITY) >>> 16 !== FACILITY_VISUALCPP) return undefined;
  const error = winErrorName(code & CODE);
  return error === undefined ? undefined : `FACILITY_VISUALCPP / ${error}`;
}

/** A look-up in a table of lines, which is read when a name is first asked for. */
function lazyNames(table: string): (code: number) => string | undefined {
  let names: ReadonlyMap<number, string> | undefined;
  return (code) => {
    names ??= new Map(
      table
        .trim()
        .split("\n")
        .map((line) => {
          const blank = line.indexOf(" ");
          return [Number.parseInt(line.slice(0, blank), 16), line.slice(blank + 1)];
        }),
    );
    return names.get(code);
  };
}
