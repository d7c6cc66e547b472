/** A value as the API writes it: `</` cannot end a script element that somebody puts it into. */
export function apiJson(value: unknown, pretty: boolean): string {
  return JSON.stringify(value, null, pretty ? 2 : undefined).replaceAll("</", "<\\/");
}
