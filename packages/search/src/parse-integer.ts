/** A whole number as people write it in a query. Undefined when it is none or too large to be exact. */
export function parseInteger(text: string): number | undefined {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) return undefined;
  const number = Number(text);
  // "-0" is 0 to everybody but Object.is.
  return Number.isSafeInteger(number) ? number || 0 : undefined;
}
