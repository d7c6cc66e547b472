/** What a page says: without its tags, entities as the characters they stand for. */
export function textOfPage(page: string): string {
  return page
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll(/\s+/g, " ");
}
