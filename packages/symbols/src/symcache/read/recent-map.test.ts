import { describe, expect, it } from "vitest";
import { RecentMap } from "./recent-map.ts";

describe("a map of what is used again and again", () => {
  it("keeps what was offered twice", () => {
    const map = new RecentMap<string>(10);
    map.offer(7, "seven");
    expect(map.has(7)).toBe(false);
    map.offer(7, "seven");
    expect([map.has(7), map.get(7)]).toEqual([true, "seven"]);
  });

  it("keeps that nothing is there, too", () => {
    const map = new RecentMap<string | undefined>(10);
    map.offer(7, undefined);
    map.offer(7, undefined);
    expect([map.has(7), map.get(7)]).toEqual([true, undefined]);
  });

  it("stays below its size, and keeps what is asked for meanwhile", () => {
    const map = new RecentMap<string>(100, (text) => text.length);
    const offer = (key: number) => {
      map.offer(key, "ten bytes!");
      map.offer(key, "ten bytes!");
    };
    offer(0);
    let kept = 0;
    for (let key = 1; key < 200; key++) {
      offer(key);
      expect(map.get(0)).toBe("ten bytes!");
    }
    for (let key = 0; key < 200; key++) if (map.has(key)) kept++;
    expect(kept).toBeLessThanOrEqual(10);
    expect(map.has(199)).toBe(true);
  });
});
