import { describe, expect, it } from "vitest";
import { readModuleLine } from "./module-line.ts";

async function* pieces(...texts: readonly string[]) {
  for (const text of texts) yield Buffer.from(text);
}

describe("the MODULE line of a text", () => {
  it("is read from its beginning, however that comes", async () => {
    expect(await readModuleLine(pieces("MODULE Lin", "ux x86_64 ABC1 a b", ".so\nFUNC"))).toEqual({
      os: "Linux",
      cpu: "x86_64",
      debugId: "ABC1",
      debugFile: "a b.so",
    });
  });

  it("is none in a text without, and no more of a long one is read than it could stand in", async () => {
    expect(await readModuleLine(pieces("FUNC 1000 10 0 f\n"))).toBeUndefined();
    let read = 0;
    async function* endless() {
      for (;;) {
        read++;
        yield Buffer.alloc(1000, "x");
      }
    }
    expect(await readModuleLine(endless())).toBeUndefined();
    expect(read).toBeLessThan(70);
  });
});
