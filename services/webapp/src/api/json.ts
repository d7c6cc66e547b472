import { exactNumber } from "@mayday/crash";

/** A value as the API writes it: `</` cannot end a script element that somebody puts it into. */
export function apiJson(value: unknown, pretty: boolean): string {
  const exact = (_name: string, one: unknown): unknown =>
    typeof one === "bigint" ? exactNumber(String(one)) : one;
  return JSON.stringify(value, exact, pretty ? 2 : undefined).replaceAll("</", "<\\/");
}
