import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startWebapp } from "./main.ts";

it("starts without Redis, says so, and stops", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mayday-webapp-"));
  const webapp = await startWebapp({
    WEBAPP_PORT: "0",
    MAYDAY_DATA_DIR: folder,
    REDIS_URL: "redis://127.0.0.1:1",
    LOG_LEVEL: "silent",
  });
  try {
    const page = await fetch(webapp.url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("No crashes yet");
    const heartbeat = await fetch(`${webapp.url}/__heartbeat__`);
    expect(heartbeat.status).toBe(503);
    expect(await heartbeat.json()).toEqual({ errors: [{ name: "queue", msg: expect.any(String) }] });
  } finally {
    await webapp.stop();
    await rm(folder, { recursive: true });
  }
}, 20_000);
