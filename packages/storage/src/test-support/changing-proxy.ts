import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import { Transform } from "node:stream";

/** What a proxy changes of a text that goes through it in one piece, as a broken wire or disk would. */
interface Change {
  readonly from: string;
  /** Of the same length. */
  readonly to: string;
}

/** A server before a server that hands everything on; what is `change`d both ways may be set at any time. */
export interface ChangingProxy {
  readonly endpoint: string;
  change: Change | undefined;
  stop(): Promise<void>;
}

export async function startChangingProxy(target: string): Promise<ChangingProxy> {
  const server = createServer((incoming, response) => {
    const { method, url, headers } = incoming;
    // The host stays as it was asked for: it is signed.
    const outgoing = request(new URL(url ?? "/", target), { method, headers }, (answer: IncomingMessage) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(changing(proxy.change)).pipe(response);
    });
    outgoing.on("error", () => response.destroy());
    incoming.pipe(changing(proxy.change)).pipe(outgoing);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: ChangingProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    change: undefined,
    async stop() {
      const closed = once(server.close(), "close");
      server.closeAllConnections();
      await closed;
    },
  };
  return proxy;
}

function changing(change: Change | undefined): Transform {
  return new Transform({
    transform(piece: Buffer, _, done) {
      const changed =
        change === undefined
          ? piece
          : Buffer.from(piece.toString("latin1").replace(change.from, change.to), "latin1");
      done(null, changed);
    },
  });
}
