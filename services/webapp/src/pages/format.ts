/** A moment as tables show it, `2026-08-20 10:11:12` (UTC); text that is no moment stays as it is. */
export function moment(text: string): string {
  const parts = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]00:?00)?$/.exec(text);
  return parts === null ? text : `${parts[1]} ${parts[2]}`;
}

const UNITS = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
] as const;

/** Seconds in their two largest units, such as `3 d 4 h`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "";
  const whole = Math.floor(Math.abs(seconds));
  const sign = seconds < 0 ? "−" : "";
  const first = UNITS.findIndex(([, size]) => whole >= size);
  if (first === -1) return "0 s";
  const [unit, size] = UNITS[first]!;
  const next = UNITS[first + 1];
  const rest = next === undefined ? 0 : Math.floor((whole % size) / next[1]);
  const head = `${sign}${Math.floor(whole / size)} ${unit}`;
  return rest === 0 ? head : `${head} ${rest} ${next![0]}`;
}

/** A hexadecimal number without leading zeros; other text stays as it is. */
export function shortHex(text: string): string {
  return text.replace(/^0x0+(?=[0-9a-fA-F])/, "0x");
}

/** A count with thin gaps between thousands. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** A query string of these parameters: unlike encodeURIComponent it takes any text. */
export function query(parameters: Record<string, string>): string {
  return new URLSearchParams(parameters).toString();
}

/** A share from 0 to 1 as people read it. */
export const percent = (share: number): string =>
  `${(100 * share).toFixed(share < 0.095 && share > 0 ? 1 : 0)} %`;
