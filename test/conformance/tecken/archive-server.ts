import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fetchedArchive } from "./upload-bodies.ts";

/** A server of archives in the moods of the recorded requests: the first part of the path tells what it does. */
export async function archiveServer(): Promise<{ origin: string; close(): void }> {
  const server = createServer((request, response) => {
    const [, mood = "", ...rest] = (request.url ?? "").split("/");
    const end = (status: number, body: string | Buffer = "") =>
      response.writeHead(status, { "content-length": Buffer.byteLength(body) }).end(body);
    const hops = Number(rest[0]);
    if (mood === "nf") end(404);
    else if (mood === "s500") end(500);
    else if (mood === "s503") end(503);
    else if (mood === "bad") end(200, "no zip");
    else if (mood === "headok" && request.method === "GET") end(404);
    else if (mood === "nolen") {
      response.writeHead(200);
      response.end(fetchedArchive);
    } else if (mood === "redir") {
      const next = hops === 1 ? "/ok/symbols.zip" : `/redir/${hops - 1}/symbols.zip`;
      response.writeHead(302, { location: next }).end();
    } else end(200, fetchedArchive);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => void server.close().closeAllConnections() };
}
