import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { constants, deflateRawSync } from "node:zlib";

/** Whatever a hostile client sends: it writes to a raw connection until it has its reply. */
export interface HostileClient {
  readonly name: string;
  /** The status it must be answered with. */
  readonly status: number;
  send(write: (bytes: Uint8Array | string) => Promise<void>): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;
const part = (name: string) => `--b1\r\nContent-Disposition: form-data; name="${name}"\r\n\r\nx\r\n`;
const head = (length: number, more = "") =>
  `POST /submit HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b1\r\nContent-Length: ${length}\r\n${more}\r\n`;

/** A report whose body has exactly `length` bytes. */
function bodyOf(length: number): Buffer {
  const start = `${part("ProductName")}--b1\r\nContent-Disposition: form-data; name="upload_file_minidump"; filename="a"\r\n\r\n`;
  const end = "\r\n--b1--\r\n";
  return Buffer.concat([
    Buffer.from(start),
    Buffer.alloc(length - start.length - end.length, "m"),
    Buffer.from(end),
  ]);
}

/** gzip that inflates to `gigabytes` of zeros; a thousandth of it is sent. */
function bomb(gigabytes: number): Buffer {
  const gzipHead = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
  // A full flush ends each piece, so that it may follow itself.
  const piece = deflateRawSync(Buffer.alloc(MEBIBYTE), { finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([gzipHead, ...Array.from({ length: gigabytes * 1024 }, () => piece)]);
}

const whole =
  (bytes: Buffer, more = "") =>
  async (write: (bytes: Uint8Array | string) => Promise<void>) => {
    await write(head(bytes.length, more));
    await write(bytes);
  };

export const hostileClients: readonly HostileClient[] = [
  { name: "25 MiB", status: 200, send: whole(bodyOf(25 * MEBIBYTE)) },
  { name: "25 MiB and a byte", status: 413, send: whole(bodyOf(25 * MEBIBYTE + 1)) },
  { name: "10 MB of gzip that hold 10 GB", status: 413, send: whole(bomb(10), "Content-Encoding: gzip\r\n") },
  {
    name: "100,000 parts",
    status: 400,
    send: whole(
      Buffer.from(`${Array.from({ length: 100_000 }, (_, n) => part(`a${n}`)).join("")}--b1--\r\n`),
    ),
  },
  {
    name: "a header of 1 MB",
    status: 431,
    send: async (write) => write(head(0, `X-Long: ${"x".repeat(1_000_000)}\r\n`)),
  },
  {
    name: "a body with a byte a second",
    status: 408,
    async send(write) {
      await write(head(1000));
      for (;;) {
        await write("-");
        await sleep(1000);
      }
    },
  },
  {
    name: "headers with a byte a second",
    status: 408,
    async send(write) {
      await write("POST /submit HTTP/1.1\r\nX-Slow: ");
      for (;;) {
        await write("x");
        await sleep(1000);
      }
    },
  },
];

/** Sends what the client sends, and waits for the reply: its status, or undefined when the connection ends without one. */
export function attack(port: number, client: HostileClient, limitMs: number): Promise<number | undefined> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    let ended = false;
    const end = () => {
      ended = true;
      clearTimeout(timer);
      const status = /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1];
      done(status === undefined ? undefined : Number(status));
      socket.destroy();
    };
    const timer = setTimeout(end, limitMs);
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      if (answer.includes("\r\n\r\n")) end();
    });
    socket.on("error", () => undefined);
    socket.on("close", end);
    const write = (bytes: Uint8Array | string) =>
      new Promise<void>((written, failed) => {
        if (ended) failed(new Error("ended"));
        else socket.write(bytes, (error) => (error ? failed(error) : written()));
      });
    client.send(write).catch(() => undefined);
  });
}
