import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attack, hostileClients } from "./hostile-clients.ts";
import { type LoneCollector, startLoneCollector } from "./lone-collector.ts";
import { crashIdIn, dataFolder } from "./pipeline.ts";
import { demoAnnotations, demoDump, postForm } from "./submit.ts";

const data = await dataFolder();
let collector: LoneCollector;
beforeAll(async () => {
  collector = await startLoneCollector(data.path, { COLLECTOR_REQUEST_TIMEOUT_MS: "2000" });
}, 30_000);
afterAll(async () => {
  await collector.end();
  await data.remove();
});

const submit = async () => {
  const url = `http://127.0.0.1:${collector.port}`;
  const { text } = await postForm(url, demoAnnotations(), { upload_file_minidump: demoDump() });
  return crashIdIn(text);
};

describe("a client that sends", () => {
  it.each(hostileClients.map((client) => [client.name, client.status, client] as const))(
    "%s is answered %i, and others are served meanwhile",
    async (_name, status, client) => {
      const attacked = attack(collector.port, client, 20_000);
      await submit();
      expect(await attacked).toBe(status);
      await submit();
    },
    30_000,
  );
});

describe("many clients with large reports", () => {
  it("are all served when their reports together are larger than the memory for them", async () => {
    const small = await startLoneCollector(`${data.path}/small`, { COLLECTOR_MAX_MEMORY_MB: "8" });
    const [large] = hostileClients;
    const answers = await Promise.all(Array.from({ length: 12 }, () => attack(small.port, large!, 60_000)));
    await small.end();
    expect(answers).toEqual(Array.from({ length: 12 }, () => 200));
  }, 90_000);
});
