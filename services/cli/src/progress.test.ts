import { describe, expect, it } from "vitest";
import { progressOn } from "./progress.ts";

function shownOn(isTTY: boolean): string[] {
  const shown: string[] = [];
  const progress = progressOn(
    { isTTY, write: (text: string) => shown.push(text) > 0 },
    (done) => `${done} done`,
  );
  for (let added = 0; added < 10_000; added++) progress.add(2);
  progress.end();
  return shown;
}

describe("progress", () => {
  it("is shown to a person, in a line that is gone at the end, and not at every step", () => {
    const shown = shownOn(true);
    expect(shown[0]).toBe("\r2 done ");
    expect(shown.at(-1)).toBe("\r\u001b[K");
    expect(shown.length).toBeLessThan(100);
  });

  it("is not shown where nobody looks on", () => expect(shownOn(false)).toEqual([]));
});
