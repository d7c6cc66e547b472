import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openService } from "./test-support/open-service.ts";

const { service, parts } = await openService();
const text = "MODULE Linux x86_64 2FB0B04480C9E128E8269805C17188E9a teapot\n";
const debugId = "2FB0B04480C9E128E8269805C17188E9a";
await parts.shelf.regular.putGzipped(
  { debugFile: "tea pot", debugId, symbolFile: "tea pot.sym" },
  gzipSync(text),
);

describe("the symbols service", () => {
  it("serves a symbol file as text, or gzipped to who takes that", async () => {
    const url = `/tea%20pot/${debugId}/tea%20pot.sym`;
    const plain = await service.inject(url);
    expect({ status: plain.statusCode, body: plain.body }).toEqual({ status: 200, body: text });
    expect(plain.headers["access-control-allow-origin"]).toBe("*");
    const gzipped = await service.inject({ url, headers: { "accept-encoding": "br, gzip" } });
    expect(gzipped.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(gzipped.rawPayload).toString()).toBe(text);
  });

  it("finds the debug id in either case, and answers HEAD", async () => {
    const url = `/tea%20pot/${debugId.toLowerCase()}/tea%20pot.sym?code_file=&code_id=`;
    expect((await service.inject(url)).statusCode).toBe(200);
    expect((await service.inject({ method: "HEAD", url })).statusCode).toBe(200);
    expect((await service.inject(url.replace(debugId.toLowerCase(), debugId.toUpperCase()))).statusCode).toBe(
      200,
    );
  });

  it.each([
    `/other/${debugId}/other.sym`,
    "/tea%20pot/nothex/tea%20pot.sym",
    `/..%2F..%2Fetc/${debugId}/passwd`,
    `/%2E%2E/${debugId}/x.sym`,
    `/a%00b/${debugId}/x.sym`,
  ])("answers 404 to %s", async (url) => {
    expect((await service.inject(url)).statusCode).toBe(404);
  });
});
