import { connect, type Socket } from "node:net";

// Sends one report again and again over CLIENTS connections for SECONDS, and prints what came of it as JSON. A program of
// its own, so that its work is nobody else's, and no HTTP client, so that there is little of it.
// usage: load.ts PORT CLIENTS SECONDS   (the whole HTTP request on standard input)

const [port, clients, seconds] = process.argv.slice(2).map(Number) as [number, number, number];
const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const request = Buffer.concat(chunks);

const deadline = performance.now() + seconds * 1000;
const times: number[] = [];
const crashIds: string[] = [];
let failures = 0;
let lastAnswer = 0;

/** One client: the next report follows the answer to the one before; a closed connection is opened again. */
async function client(): Promise<void> {
  let socket: Socket | undefined;
  while (performance.now() < deadline) {
    const started = performance.now();
    socket = socket?.writable ? socket : connect(port, "127.0.0.1");
    const answer = await send(socket).catch(() => "");
    const crashId = /CrashID=bp-(\S+)\n/.exec(answer)?.[1];
    if (crashId === undefined) failures++;
    else {
      crashIds.push(crashId);
      lastAnswer = performance.now();
      times.push(lastAnswer - started);
    }
    if (/^connection: close/im.test(answer) || crashId === undefined) socket.destroy();
  }
  socket?.destroy();
}

function send(socket: Socket): Promise<string> {
  return new Promise((done, failed) => {
    let answer = "";
    const end = (finish: () => void) => {
      socket.removeAllListeners("data");
      socket.removeAllListeners("close");
      finish();
    };
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      const head = answer.indexOf("\r\n\r\n");
      const length = Number(/^content-length: (\d+)/im.exec(answer)?.[1] ?? 0);
      if (head >= 0 && answer.length >= head + 4 + length) end(() => done(answer));
    });
    socket.once("close", () => end(() => failed(new Error("closed"))));
    if (socket.listenerCount("error") === 0) socket.on("error", () => undefined);
    socket.write(request);
  });
}

const started = performance.now();
await Promise.all(Array.from({ length: clients }, client));
times.sort((a, b) => a - b);
const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
console.log(
  JSON.stringify({
    reports: times.length,
    failures,
    perSecond: times.length / ((lastAnswer - started) / 1000),
    p50: at(0.5),
    p99: at(0.99),
  }),
);
