import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case, Check } from "./case-folders.ts";
import { framesOf, same, walked } from "./walked-case.ts";

interface Hit {
  readonly function: string | null;
  readonly function_offset: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly inlines: readonly { readonly function: string }[];
}

/** What a symcache of the case's `app.sym` says of offsets; throws where it cannot be built. */
async function lookedUp({ mayday }: Case, offsets: readonly string[]): Promise<Hit[]> {
  const built = await mayday(["symcache", "build", "app.sym", "-o", "x"]);
  if (built.code !== 0) throw new Error(built.err.trim());
  const { out } = await mayday(["symcache", "lookup", "x", ...offsets]);
  return out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** A hit as `outer:20`, inlined functions before it. */
function textOf({ function: name, line, inlines }: Hit): string {
  return [...inlines.map((inline) => inline.function), `${name}:${line}`].join(" ");
}

function looksUp(expected: Readonly<Record<string, string>>): Check {
  return async (one) => {
    const hits = await lookedUp(one, Object.keys(expected));
    return Object.entries(expected).flatMap(([offset, text], index) =>
      same(offset, textOf(hits[index]!), text),
    );
  };
}

/** Cases about symbol files and what is asked of them. */
export const symbolChecks: Readonly<Record<string, Check>> = {
  "sym-empty-origin": looksUp({
    "1004": " outer():5",
    "1009": "named()  outer():5",
    "1019": " outer():5",
    "1021": "outer():8",
  }),
  "sym-inline-odd": async (one) => {
    const hits = await lookedUp(one, ["1002", "2005", "2035", "2ff5", "3005", "3035", "4005"]);
    return [
      ...same(
        "functions",
        hits.map((hit) => hit.function),
        ["outer()", "lines_first()", "lines_first()", null, "beyond()", "beyond()", "same_twice()"],
      ),
      ...same("inlined at 1002", hits[0]?.inlines[0]?.function, "first()"),
      ...same("inlined at 2005", hits[1]?.inlines[0]?.function, "third()"),
    ];
  },
  "sym-latin1": async (one) => {
    const [latin, fine] = await lookedUp(one, ["1005", "2005"]);
    return [
      ...same("readable", latin?.function?.startsWith("caf\ufffd"), true),
      ...same("the other", textOf(fine!), "fine():8"),
    ];
  },
  "sym-line-before-func": async (one) => {
    const hits = await lookedUp(one, ["508f", "5093", "5094", "5098", "509c"]);
    return [
      ...same(
        "functions",
        hits.map((hit) => hit.function),
        [
          "Base::Release()",
          "Base::Release()",
          "Null::GetDataType()",
          "Null::GetDataType()",
          "Base::GetAsJSVal()",
        ],
      ),
      ...same(
        "offsets",
        hits.every((hit) => !hit.function_offset?.includes("-")),
        true,
      ),
    ];
  },
  "sym-no-lines": async (one) => {
    const hits = await lookedUp(one, ["c6dd98", "3c105a1", "3c01d20"]);
    return [
      ...same(
        "functions",
        hits.map((hit) => hit.function),
        ["lambda::_Do_call()", "Interpret(Ctx*, State&)", "Interpret(Ctx*, State&)"],
      ),
      ...same("line", hits[1]?.line, 3071),
    ];
  },
  "sym-overlap": async (one) => {
    const walk = await walked(one, "crash.dmp", "sym");
    const functions = walk.threads.map((_, index) => framesOf(walk, index)[0]);
    return same("functions", functions, [
      "context big()",
      "context big()",
      "context 0x560000002000",
      "context 0x560000002008",
      "context folded_a()",
      "context asm_start",
      "context after_public()",
    ]);
  },
  "sym-utf16": async (one) => {
    const frames = ["context top()", "cfi caller()"];
    const path = "app/0403020106050807090A0B0C0D0E0F100/app.sym";
    const text = readFileSync(join(one.folder, "sym", path))
      .toString("utf16le")
      .replace(/^\ufeff/, "");
    mkdirSync(join(one.folder, "bom8", path, ".."), { recursive: true });
    writeFileSync(join(one.folder, "bom8", path), `\ufeff${text}`);
    writeFileSync(join(one.folder, "app.sym"), readFileSync(join(one.folder, "sym", path)));
    return [
      ...same("UTF-16", framesOf(await walked(one, "crash.dmp", "sym")).slice(0, 2), frames),
      ...same("UTF-8 with a mark", framesOf(await walked(one, "crash.dmp", "bom8")).slice(0, 2), frames),
      ...same("built", (await lookedUp(one, ["1010"])).map(textOf), ["top():7"]),
    ];
  },
  "symbolicate-unknown": async ({ folder, mayday }) => {
    const request = readFileSync(join(folder, "request.json"), "utf8");
    const { out, err } = await mayday(["symbolicate", "--symbols", "sym"], request);
    if (out === "") return [err.trim()];
    const stacks: { module: string; function?: string }[][] = JSON.parse(out).results[0].stacks;
    return [
      ...same(
        "modules",
        stacks[1]?.map(({ module }) => module),
        ["a.so", "c.so", "<unknown>", "a.so"],
      ),
      ...same(
        "functions",
        stacks[1]?.slice(0, 2).map((frame) => frame.function),
        ["in_a()", "in_c()"],
      ),
    ];
  },
};
