const DAY_MS = 86_400_000;

/** The lower bound of a search's date range, as the search language writes it. */
export function daysAgo(days: number, now: Date): string {
  return `>=${new Date(now.getTime() - days * DAY_MS).toISOString()}`;
}
