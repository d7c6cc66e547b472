import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { SearchDocument } from "@mayday/search";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { documentAt, openScene, type Scene } from "../test-support/scene.ts";
import { tellOfTrends } from "./alerts.ts";
import { findTrends } from "./find-trends.ts";

const start = new Date("2026-11-23T14:00:00Z");
const DAY_MS = 86_400_000;
let scene: Scene;
beforeEach(async () => {
  scene = await openScene(start);
});
afterEach(() => scene.close());

let number = 0;
/** So many crashes of a signature, a day so many days ago. */
function day(
  signature: string,
  daysAgo: number,
  many: number,
  more: Record<string, unknown> = {},
): SearchDocument[] {
  const at = new Date(start.getTime() - daysAgo * DAY_MS);
  return Array.from({ length: many }, () =>
    documentAt(++number, at, { signature, product: "Teapot", ...more }),
  );
}
const days = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, at) => from - at);

async function fill(): Promise<void> {
  await scene.engine.add([
    ...days(56, 1).flatMap((ago) => day("steady", ago, ago % 7 === 1 ? 12 : 6)),
    ...days(56, 2).flatMap((ago) => day("rising", ago, 5)),
    ...day("rising", 1, 40),
    ...days(56, 4).flatMap((ago) => day("gone", ago, 8)),
    ...days(2, 1).flatMap((ago) => day("new", ago, 15)),
  ]);
  await findTrends({ ...scene, trends: scene.records.trends });
}
const found = () => scene.records.trends.list({ product: "Teapot" });

describe("trends", () => {
  it("are found of a history, with their numbers, and not of what is as it was", async () => {
    await fill();
    expect(
      (await found()).map(({ signature, kind, count, expected }) => [signature, kind, count, expected]),
    ).toEqual([
      ["rising", "rising", 40, 5],
      ["new", "new", 30, 0],
      ["gone", "gone", 0, 24],
    ]);
  });

  it("are forgotten when they are over", async () => {
    await fill();
    scene.pass(5 * DAY_MS);
    await findTrends({ ...scene, trends: scene.records.trends });
    expect((await found()).filter(({ signature }) => signature === "rising")).toEqual([]);
  });

  it("of sampled reports need what those stand for, not what chance makes of one that was kept", async () => {
    const sampled = { collector_metadata: { throttle_percent: 10 } };
    await scene.engine.add([
      ...days(56, 2).flatMap((ago) => day("pour", ago, 1, sampled)),
      ...day("pour", 1, 4, sampled),
    ]);
    expect(await findTrends({ ...scene, trends: scene.records.trends })).toBe(0);
  });
});

describe("the webhook", () => {
  let server: Server;
  let url: string;
  let status = 200;
  const got: { body: string; signature: string }[] = [];
  beforeEach(async () => {
    got.length = 0;
    status = 200;
    server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      got.push({ body, signature: String(request.headers["x-mayday-signature"]) });
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));
  const tell = (least = 20) =>
    tellOfTrends({ ...scene, trends: scene.records.trends }, { url, secret: "key", least });

  it("is told of each trend once, signed", async () => {
    await fill();
    expect(await tell(25)).toBe(2);
    expect(await tell(25)).toBe(0);
    expect(got).toHaveLength(1);
    const { body, signature } = got[0]!;
    expect(JSON.parse(body).trends).toMatchObject([{ signature: "rising", count: 40 }, { signature: "new" }]);
    const seconds = start.getTime() / 1000;
    const hmac = createHmac("sha256", "key").update(`${seconds}.${body}`).digest("hex");
    expect(signature).toBe(`t=${seconds},v1=${hmac}`);
  });

  it("that refuses is asked again, and at last no more", async () => {
    await fill();
    status = 500;
    for (let time = 0; time < 14; time++) expect(await tell()).toBe(0);
    expect(got).toHaveLength(12);
    status = 200;
    expect(await tell()).toBe(0);
  });

  it("is told of a small trend once it has grown", async () => {
    await fill();
    expect(await tell(1000)).toBe(0);
    expect(await tell(25)).toBe(2);
  });

  it("that is away for a while is told when it is back", async () => {
    await fill();
    status = 503;
    await tell();
    status = 204;
    expect(await tell()).toBe(3);
  });
});
