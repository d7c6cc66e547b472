import { afterAll, expect, it, vi } from "vitest";
import { startLoneCollector } from "./lone-collector.ts";
import { dataFolder } from "./pipeline.ts";
import { demoAnnotations, demoDump, postForm } from "./submit.ts";

const folders: { remove(): Promise<void> }[] = [];
afterAll(() => Promise.all(folders.map((folder) => folder.remove())));

const SOON = { timeout: 10_000, interval: 50 };

it("the collector's metrics tell what waits in the journal while storage is away, and that it is gone when storage is back", async () => {
  const data = await dataFolder();
  folders.push(data);
  const away = {
    CRASH_STORE: "s3",
    // Nobody listens there.
    CRASH_STORE_ENDPOINT: "http://127.0.0.1:1",
    AWS_ACCESS_KEY_ID: "a",
    AWS_SECRET_ACCESS_KEY: "b",
  };
  const collector = await startLoneCollector(data.path, away);
  const submitted = 3 * demoDump().length;
  for (let i = 0; i < 3; i++)
    await postForm(urlOf(collector), demoAnnotations(), { upload_file_minidump: demoDump() });
  expect((await fill(collector)).waiting).toBe(3);
  expect((await fill(collector)).bytes).toBeGreaterThan(submitted);
  await collector.end();

  const next = await startLoneCollector(data.path, { CRASH_STORE: "fs" });
  await vi.waitFor(async () => expect(await fill(next)).toEqual({ bytes: 0, waiting: 0 }), SOON);
  await next.end();
}, 40_000);

const urlOf = ({ port }: { port: number }) => `http://127.0.0.1:${port}`;

async function fill(collector: { port: number }): Promise<{ bytes: number; waiting: number }> {
  const text = await (await fetch(`${urlOf(collector)}/metrics`)).text();
  const read = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1]);
  return {
    bytes: read("collector_journal_bytes"),
    waiting: read("collector_journal_waiting_entries"),
  };
}
