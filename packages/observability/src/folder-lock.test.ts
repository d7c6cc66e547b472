import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lockFolder } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "mayday-lock-"));
afterAll(() => rmSync(folder, { recursive: true }));
const holder = (text: string) => writeFileSync(join(folder, "owner"), text);
const source = new URL("./folder-lock.ts", import.meta.url).href;

describe("the lock of a folder", () => {
  it("keeps others out while its process lives, and no longer", async () => {
    const program = `const { lockFolder } = await import(${JSON.stringify(source)});
      lockFolder(${JSON.stringify(folder)}, "owner"); console.log("locked"); setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ["--input-type=module", "-e", program]);
    await once(other.stdout, "data");
    expect(() => lockFolder(folder, "owner")).toThrow(`process ${other.pid} uses ${folder}`);
    other.kill("SIGKILL");
    await once(other, "exit");
    lockFolder(folder, "owner")();
  });

  it("can be let go", () => {
    lockFolder(folder, "owner")();
    lockFolder(folder, "owner")();
  });

  it.skipIf(process.platform !== "linux")(
    "of a process whose id another has now is free (needs /proc)",
    () => {
      holder("1 12345\n");
      lockFolder(folder, "owner")();
    },
  );

  it("that holds junk is free", () => {
    holder("junk");
    lockFolder(folder, "owner")();
  });
});
