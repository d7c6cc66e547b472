import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEBUG_ID, MODULE_LINE, symcacheBytes, symText } from "../../test-support/sym-text.ts";
import { Symcache } from "../read/symcache.ts";

describe("buildSymcache", () => {
  it("keeps what the text says of its module, and where it came from", async () => {
    const text = symText("INFO CODE_ID ABCD app.exe", "FUNC 1000 10 0 f", "what is this");
    const { info } = new Symcache(
      await symcacheBytes([text], { debugId: DEBUG_ID, url: "http://x/app.sym" }),
    );
    expect(info).toEqual({
      os: "Linux",
      cpu: "x86_64",
      debugId: DEBUG_ID,
      debugFile: "app",
      codeId: "ABCD",
      codeFile: "app.exe",
      url: "http://x/app.sym",
      lines: 4,
      badLines: 1,
      badSamples: ["line 4: what is this"],
      textBytes: text.length,
    });
  });

  it("takes a debug id in either case for the same", async () => {
    await symcacheBytes([symText()], { debugId: DEBUG_ID.toLowerCase() });
    await symcacheBytes([symText().toString().toLowerCase().replace("module", "MODULE")].map(Buffer.from), {
      debugId: DEBUG_ID,
    });
  });

  it.each([
    ["nothing at all", "", "no MODULE line"],
    ["a text without MODULE line", "FUNC 1000 10 0 f\n", "no MODULE line"],
    ["the symbols of another module", `${MODULE_LINE.replace("0001", "0002")}\n`, "not 0001"],
    ["a web page", "<html>\n<body>\nNot found\n", "no MODULE line"],
    ["mostly unreadable lines", `${MODULE_LINE}\nnot this one\nnor this one\n`, "line 2: not this one"],
  ])("refuses %s", async (_, text, why) => {
    const building = symcacheBytes([Buffer.from(text)], { debugId: DEBUG_ID });
    await expect(building).rejects.toMatchObject({
      code: "SYMBOLS_MALFORMED",
      message: expect.stringContaining(why),
    });
  });

  it("passes on what goes wrong while the text is read", async () => {
    async function* broken() {
      yield symText();
      throw new Error("line went dead");
    }
    await expect(symcacheBytes(broken())).rejects.toThrow("line went dead");
  });

  it("makes the same of a text however it is cut", async () => {
    const text = symText(
      "FILE 0 a.c",
      "INLINE_ORIGIN 0 inlined",
      "FUNC 1000 20 0 f",
      "INLINE 0 9 0 0 1000 8",
      "1000 8 1 0",
      "1008 8 2 0",
      "FUNC 1010 20 0 g",
      "PUBLIC 3000 0 p",
      "STACK CFI INIT 1000 20 .cfa: $rsp 8 + .ra: .cfa -8 + ^",
      "STACK CFI 1001 .cfa: $rsp 16 +",
    );
    const whole = await symcacheBytes([text]);
    for (let cut = 0; cut <= text.length; cut++) {
      const inTwo = await symcacheBytes([text.subarray(0, cut), text.subarray(cut)]);
      expect(inTwo.equals(whole)).toBe(true);
    }
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 20 }), async (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        const pieces = at.slice(1).map((end, i) => text.subarray(at[i], end));
        expect((await symcacheBytes(pieces)).equals(whole)).toBe(true);
      }),
    );
  });
});
