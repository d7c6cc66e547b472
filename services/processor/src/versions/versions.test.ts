import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { remembered } from "./remembered.ts";
import { versionFinder } from "./version-finder.ts";

let server: Server | undefined;
afterEach(() => void server?.close());

async function api(answer: RequestListener): Promise<string> {
  server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return `http://127.0.0.1:${port}/api/VersionString/`;
}

const nobodyTold = { versionsOf: async () => [] };

describe("versions of builds", () => {
  it("come from the list of releases, and from the API what that does not have", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mayday-releases-"));
    const PROCESSOR_RELEASES_FILE = join(folder, "releases.json");
    const row = { product: "Firefox", channel: "Beta", build_id: "1", version_string: "142.0b1" };
    await writeFile(PROCESSOR_RELEASES_FILE, JSON.stringify([row]));
    const asked: string[] = [];
    const PROCESSOR_VERSION_API = await api(({ url }, response) => {
      asked.push(url ?? "");
      response.end(JSON.stringify({ hits: [{ version_string: "142.0b2" }], total: 1 }));
    });
    const find = await versionFinder({ PROCESSOR_RELEASES_FILE, PROCESSOR_VERSION_API }, nobodyTold);
    expect(await find("Firefox", "beta", "1")).toBe("142.0b1");
    expect(await find("Firefox", "beta", "2")).toBe("142.0b2");
    expect(await find("Firefox", "beta", "2")).toBe("142.0b2");
    expect(asked).toEqual(["/api/VersionString/?product=Firefox&channel=beta&build_id=2"]);
    await rm(folder, { recursive: true });
  });

  it("are not known where the API knows none, and where it fails nobody can tell", async () => {
    const address = await api(({ url }, response) => {
      if (url?.includes("build_id=3")) response.statusCode = 503;
      response.end(url?.includes("build_id=1") ? '{"hits":[],"total":0}' : "<html>");
    });
    const find = await versionFinder(
      { PROCESSOR_RELEASES_FILE: "", PROCESSOR_VERSION_API: address },
      nobodyTold,
    );
    expect(await find("Firefox", "beta", "1")).toBeUndefined();
    await expect(find("Firefox", "beta", "2")).rejects.toThrow();
    await expect(find("Firefox", "beta", "3")).rejects.toThrow("503");
  });

  it("that are not known are asked for again after a while", async () => {
    let time = 0;
    let asked = 0;
    const find = remembered(
      async () => (++asked > 1 ? "142.0b1" : undefined),
      () => time,
    );
    expect(await find("Firefox", "beta", "1")).toBeUndefined();
    expect(await find("Firefox", "beta", "1")).toBeUndefined();
    time += 31 * 60 * 1000;
    expect(await find("Firefox", "beta", "1")).toBe("142.0b1");
    expect(asked).toBe(2);
  });

  it("need a list that can be read", async () => {
    const settings = { PROCESSOR_RELEASES_FILE: "/nowhere.json", PROCESSOR_VERSION_API: "" };
    await expect(versionFinder(settings, nobodyTold)).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
  });

  it("are those that were told, where no file has the build", async () => {
    const told = {
      versionsOf: async (product: string) => (product === "Teapot" ? ["1.6.0b3", "1.6.0"] : []),
    };
    const find = await versionFinder({ PROCESSOR_RELEASES_FILE: "", PROCESSOR_VERSION_API: "" }, told);
    expect(await find("Teapot", "beta", "20260801000000")).toBe("1.6.0b3");
    expect(await find("Kettle", "beta", "20260801000000")).toBeUndefined();
  });
});
