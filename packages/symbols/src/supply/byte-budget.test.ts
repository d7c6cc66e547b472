import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it, vi } from "vitest";
import { DEBUG_ID, symText } from "../test-support/sym-text.ts";
import { temporaryFolder } from "../test-support/temporary-folder.ts";
import { ByteBudget } from "./byte-budget.ts";
import { symbolSources } from "./symbol-sources.ts";
import { createSymbolSupply } from "./symbol-supply.ts";
import { symcacheFolder } from "./symcache-folder.ts";

const base = await temporaryFolder();
let folders = 0;
const newFolder = () => symcacheFolder(`${base}/${folders++}`);

/** Much longer than what a socket and its reader hold. */
const text = symText(
  Array.from(
    { length: 100_000 },
    (_, i) => `PUBLIC ${(0x2000 + i).toString(16)} 0 ${"long ".repeat(20)}symbol ${i}`,
  ).join("\n"),
);

/**
 * A symbol server that has the text for every module but `none`. It counts what it was asked and what it could send.
 * @param pause what it waits for when it has sent a little
 */
async function symbolServer(body: Uint8Array = text, pause?: Promise<void>) {
  const seen = { asked: [] as string[], sent: 0, whole: 0 };
  const server = createServer(async (request, response) => {
    const [, name = ""] = request.url!.split("/");
    if (request.url!.includes(".symcache") || name === "none") return void response.writeHead(404).end();
    seen.asked.push(name);
    const pieces = async function* () {
      for (let at = 0; at < body.length; at += 65_536) {
        const piece = body.subarray(at, at + 65_536);
        seen.sent += piece.length;
        yield piece;
        await pause;
      }
    };
    await pipeline(pieces, response).then(
      () => seen.whole++,
      () => undefined,
    );
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  afterAll(() => server.close().closeAllConnections());
  return { seen, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function supplyOf(places: readonly string[], folder = newFolder()) {
  const events: string[] = [];
  const supply = createSymbolSupply({
    sources: symbolSources(places),
    folder,
    memoryBytes: 1e9,
    missesLastMs: 60_000,
    now: Date.now,
    onEvent: (event, { debugFile }) => events.push(`${event} ${debugFile}`),
  });
  const get = (debugFile: string, budget?: ByteBudget) =>
    supply.get({ debugFile, debugId: DEBUG_ID }, budget).then(
      ({ kind }) => kind as string,
      (error) => error.code as string,
    );
  return { get, events };
}

describe("a budget of bytes", () => {
  it("bears what is read for its asker, inflated, and lets a text pass that takes it up to the last byte", async () => {
    const { address } = await symbolServer(gzipSync(text));
    const budget = new ByteBudget(text.length);
    expect(await supplyOf([address]).get("app", budget)).toBe("found");
    expect([budget.spent, budget.isSpent]).toEqual([text.length, true]);
  });

  it("stops a text that is too long for it, and the server's sending", async () => {
    const { address, seen } = await symbolServer();
    expect(await supplyOf([address]).get("app", new ByteBudget(100_000))).toBe("SYMBOLS_OVER_BUDGET");
    expect(seen.whole).toBe(0);
    expect(seen.sent).toBeLessThan(text.length / 2);
  });

  it("that is spent has nothing read, though sources are asked whether they have any", async () => {
    const { address, seen } = await symbolServer();
    const budget = new ByteBudget(0);
    const { get } = supplyOf([address]);
    expect(await get("none", budget)).toBe("missing");
    expect(await get("app", budget)).toBe("SYMBOLS_OVER_BUDGET");
    expect(budget.spent).toBe(0);
    expect([seen.asked, seen.whole]).toEqual([["app"], 0]);
  });

  it("bears nothing of what is in memory or on disk, wherever it came from", async () => {
    const [none, has] = [await symbolServer(), await symbolServer()];
    const folder = newFolder();
    // The first server has another module of that name only.
    const places = [`${none.address}/none`, has.address];
    const first = supplyOf(places, folder);
    expect(await first.get("app")).toBe("found");
    const budget = new ByteBudget(0);
    const second = supplyOf(places, folder);
    for (const { get } of [first, second]) expect(await get("app", budget)).toBe("found");
    expect(first.events).toEqual(["built app", "memory app"]);
    expect(second.events).toEqual(["disk app"]);
  });

  it("that does not suffice is no fault of the module: who has more to spend gets it", async () => {
    const { address } = await symbolServer();
    const folder = newFolder();
    const { get } = supplyOf([address], folder);
    expect(await get("app", new ByteBudget(1000))).toBe("SYMBOLS_OVER_BUDGET");
    expect(await get("app", new ByteBudget(1000))).toBe("SYMBOLS_OVER_BUDGET");
    expect(await supplyOf([address], folder).get("app")).toBe("found");
  });

  it("of another asker may end while many wait: one of them reads on its own, once for all the rest", async () => {
    const { promise: allWait, resolve: goOn } = Promise.withResolvers<void>();
    const { address, seen } = await symbolServer(text, allWait);
    const folder = newFolder();
    const [one, other] = [supplyOf([address], folder), supplyOf([address], folder)];
    const budgets = Array.from({ length: 6 }, () => new ByteBudget(text.length));
    const poor = one.get("app", new ByteBudget(200_000));
    // Whoever asks first takes the lock of the folder that both share.
    await vi.waitFor(() => expect(seen.asked).toEqual(["app"]), 10_000);
    const rich = budgets.map((budget, i) => (i % 2 === 0 ? one : other).get("app", budget));
    goOn();
    expect(await poor).toBe("SYMBOLS_OVER_BUDGET");
    expect(await Promise.all(rich)).toEqual(Array(6).fill("found"));
    expect(budgets.map(({ spent }) => spent).sort((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, text.length]);
    expect(seen.asked).toEqual(["app", "app"]);
  });

  it("has room for an honest module and none for the rest of a dump that names many", async () => {
    const { address } = await symbolServer();
    const budget = new ByteBudget(text.length * 2.5);
    const { get } = supplyOf([address]);
    const kinds = [];
    for (let i = 0; i < 20; i++) kinds.push(await get(`module${i}`, budget));
    expect(kinds).toEqual(["found", "found", ...Array(18).fill("SYMBOLS_OVER_BUDGET")]);
    expect(budget.spent).toBeLessThan(text.length * 2.6);
  });
});
