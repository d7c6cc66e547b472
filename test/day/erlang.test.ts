import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mulberry32 } from "../mulberry32.ts";
import { serversFor, utilisation, waitingPart, waitWithin } from "./erlang.ts";

describe("the queueing model", () => {
  it("gives Erlang's C as tables have it", () => {
    // One server: the part that waits is the utilisation.
    expect(waitingPart({ rate: 0.8, seconds: 1, servers: 1 })).toBeCloseTo(0.8, 10);
    // Two at an offered load of 1: 1/3; ten at 8: 0.4092.
    expect(waitingPart({ rate: 1, seconds: 1, servers: 2 })).toBeCloseTo(1 / 3, 10);
    expect(waitingPart({ rate: 8, seconds: 1, servers: 10 })).toBeCloseTo(0.4092, 4);
    expect(waitingPart({ rate: 900, seconds: 1, servers: 1000 })).toBeLessThan(0.001);
  });

  it("has the waits of one server in closed form, none where few wait, and no end where it cannot keep up", () => {
    // P(W > t) = 0.8 e^(-0.2 t)
    expect(waitWithin(0.95, { rate: 0.8, seconds: 1, servers: 1 })).toBeCloseTo(Math.log(16) / 0.2, 10);
    expect(waitWithin(0.95, { rate: 0.01, seconds: 1, servers: 1 })).toBe(0);
    expect(waitWithin(0.95, { rate: 2, seconds: 1, servers: 2 })).toBe(Number.POSITIVE_INFINITY);
  });

  it("agrees with a line that is played through", () => {
    const station = { rate: 3.2, seconds: 0.5, servers: 2 };
    const waits = playedWaits(station, 150_000).sort((a, b) => a - b);
    expect(waits[Math.floor(waits.length * 0.95)]).toBeCloseTo(waitWithin(0.95, station), 0);
    const waiting = waits.filter((wait) => wait > 0).length / waits.length;
    expect(waiting).toBeCloseTo(waitingPart(station), 1);
  });

  it("takes the fewest servers that keep within the limits", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 500, noNaN: true }),
        fc.double({ min: 0.001, max: 2, noNaN: true }),
        fc.double({ min: 0.01, max: 60, noNaN: true }),
        (rate, seconds, waitSeconds) => {
          const limits = { waitSeconds, busy: 0.8 };
          const servers = serversFor({ rate, seconds }, limits);
          const isEnough = (count: number) =>
            utilisation({ rate, seconds, servers: count }) <= 0.8 + 1e-9 &&
            waitWithin(0.95, { rate, seconds, servers: count }) <= waitSeconds;
          expect(isEnough(servers)).toBe(true);
          if (servers > 1) expect(isEnough(servers - 1)).toBe(false);
        },
      ),
    );
  });
});

/** Waits of arrivals one after the other at the server that is free first. */
function playedWaits({ rate, seconds, servers }: Parameters<typeof waitingPart>[0], count: number): number[] {
  const random = mulberry32(7);
  const free = new Array<number>(servers).fill(0);
  let now = 0;
  return Array.from({ length: count }, () => {
    now -= Math.log(1 - random()) / rate;
    const first = free.indexOf(Math.min(...free));
    const begins = Math.max(now, free[first]!);
    free[first] = begins - Math.log(1 - random()) * seconds;
    return begins - now;
  });
}
