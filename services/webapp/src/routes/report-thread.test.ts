import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { crashId, demoDump, demoProcessed, demoRaw } from "../test-support/demo-crash.ts";
import { now, type OpenWebapp, openWebapp } from "../test-support/open-webapp.ts";
import { textOfPage } from "../test-support/text-of-page.ts";

const id = crashId(1, now);

let open: OpenWebapp;
beforeEach(async () => {
  open = await openWebapp();
  const threads = Array.from({ length: 300 }, (_, thread) => ({
    thread_name: `Worker ${thread}`,
    frames: Array.from({ length: 20 }, (_, frame) => ({ frame, function: `work${thread}x${frame}` })),
  }));
  const json_dump = { ...demoDump(), threads, thread_count: 300, crash_info: { crashing_thread: 0 } };
  await open.storage.saveReport(demoRaw(id, now), new Map());
  await open.storage.saveProcessed(id, demoProcessed(id, now, { json_dump }));
});
afterEach(() => open.close());

describe("a thread of a report", () => {
  it("has a page of its own, where the report's page has no room for it", async () => {
    const report = (await open.server.inject({ url: `/report/index/${id}` })).body;
    expect(report).toContain("work1x19");
    expect(report).not.toContain("work299x19");
    expect(report).toContain(`data-fragment="/report/thread/${id}?thread&#61;299"`);
    const { statusCode, body } = await open.server.inject({ url: `/report/thread/${id}?thread=299` });
    expect(statusCode).toBe(200);
    expect(body).toContain(`<section id="thread-299">`);
    expect(textOfPage(body)).toContain("work299x19");
    expect(textOfPage(body)).toContain("Thread 299, Worker 299");
  });

  it("that there is not is said to be absent", async () => {
    const status = async (url: string) => (await open.server.inject({ url })).statusCode;
    expect(await status(`/report/thread/${id}?thread=300`)).toBe(404);
    expect(await status(`/report/thread/${id}`)).toBe(404);
    expect(await status(`/report/thread/${crashId(2, now)}?thread=1`)).toBe(404);
    expect(await status("/report/thread/nonsense?thread=1")).toBe(400);
  });
});
