import { redactProcessedCrash, redactRawCrash } from "@mayday/crash";
import { type CrashData, signatureMaker } from "@mayday/signature";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crashId, demoDump, demoProcessed, demoRaw } from "../test-support/demo-crash.ts";
import { escapesFrom, HOSTILE, poisoned } from "../test-support/hostile.ts";
import { now } from "../test-support/open-webapp.ts";
import { textOfPage } from "../test-support/text-of-page.ts";
import { reportPage } from "./report-page.ts";

const id = crashId(1, now);
const page = (
  processed: Record<string, unknown> = demoProcessed(id, now),
  raw: Record<string, unknown> | undefined = demoRaw(id, now),
) => reportPage({ id, processed, raw, dumps: [], attachments: 0 });
const withDump = (change: Record<string, unknown>) =>
  page(demoProcessed(id, now, { json_dump: { ...demoDump(), ...change } }));
const texts = (html: string, cell: RegExp) => [...html.matchAll(cell)].map(([, text]) => text);

describe("the report page", () => {
  it("has the signature for its title", () => {
    expect(page()).toContain("<title>teapot::Texture::index_of · Mayday</title>");
  });

  it("tells what happened, to whom, where and when", () => {
    const html = page();
    for (const text of [
      "SIGSEGV / SEGV_MAPERR",
      "0x0000000000000020 (null pointer + 0x20)",
      "Teapot 1.4.0",
      "20261102093000, nightly",
      "Debian GNU/Linux 12 (bookworm) (Linux 6.18.44 #1 SMP PREEMPT_DYNAMIC)",
      "amd64, family 25 model 1 stepping 1, 2 cores",
      "3 d",
      "2026-11-22 14:00:00 UTC",
      "thread 1: stack memory absent from dump",
    ]) {
      expect(html).toContain(`>${text}`);
    }
  });

  it("shows the crashing thread's calls as the stackwalker found them", () => {
    const [stack] = /<section id="stack">.*?<\/section>/s.exec(page())!;
    const rows = texts(stack, /<td class="trust">(.*?)<\/td>/g).map((cell) => textOfPage(cell!));
    expect(rows.length).toBe(32);
    expect(rows.slice(0, 6)).toEqual(["inlined", "inlined", "inlined", "inlined", "exact", "cfi"]);
    const functions = texts(stack, /<td class="function" title="[^"]*">(.*?)<\/td>/g).map((cell) =>
      textOfPage(cell!),
    );
    expect(functions[0]).toBe("teapot::Texture::index_of(unsigned int, unsigned int) const");
    expect(functions[4]).toBe("teapot::Surface::shade(teapot::Uv, float) const");
  });

  it("folds the other threads, each with its name and its number of frames", () => {
    const [threads] = /<section id="threads">.*?<\/section>/s.exec(page())!;
    expect(texts(threads, /<summary>(Thread .*?<\/small>)/g)).toEqual([
      "Thread 0, teapot <small>11 frames</small>",
      "Thread 1, ImageLoader <small>8 frames</small>",
      "Thread 3, Watchdog <small>5 frames</small>",
      "Thread 4, LightBaker <small>13 frames</small>",
    ]);
    expect(threads).not.toContain("<details open");
  });

  it("tells of each module what became of its symbols", () => {
    const [modules] = /<section id="modules">.*?<\/section>/s.exec(page())!;
    expect(texts(modules, /<td class="symbols \w+">([^<]*)</g)).toEqual([
      "loaded",
      "loaded",
      "missing",
      "not needed",
    ]);
    expect(withDump({ modules: [{ filename: "x", loaded_symbols: true, corrupt_symbols: true }] })).toContain(
      ">corrupt<",
    );
  });

  it("links a module's symbols on the web only", () => {
    const modules = [
      { filename: "good.dll", symbol_url: "https://symbols.example/good.sym" },
      { filename: "bad.dll", symbol_url: "javascript://x%0aalert(1)" },
    ];
    const html = withDump({ modules });
    expect(html).toContain(`<a href="https://symbols.example/good.sym" rel="noreferrer">good.dll</a>`);
    expect(html).not.toContain("javascript:");
  });

  it("shows what the viewer may see and nothing more", () => {
    const all = page();
    expect(all).toContain("I was watching the backdrops");
    expect(all).toContain("https://example.com/tea");
    expect(all).toContain("<summary>Registers</summary>");
    const seen = page(redactProcessedCrash(demoProcessed(id, now)), redactRawCrash(demoRaw(id, now)));
    expect(seen).not.toMatch(/I was watching|example\.com|Registers|Why this signature|Comments/);
  });

  it("shows where misused memory was allocated and freed, to who may see it", () => {
    const processed = demoProcessed(id, now, {
      phc_kind: "FreedPage",
      phc_usable_size: 4096,
      phc_alloc_stack: "17",
      phc_alloc_frames: [{ frame: 0, offset: "0x11", module: "libxul.so", function: "brew<Tea>()" }],
      phc_free_stack: "18,19",
    });
    const heap = (html: string) => /<section id="heap">.*?<\/section>/s.exec(html)?.[0];
    const shown = textOfPage(heap(page(processed))!);
    for (const text of ["FreedPage · 4 096 bytes", "Allocated by", "brew<Tea>()", "Freed by", "18,19"])
      expect(shown).toContain(text);
    expect(heap(page(redactProcessedCrash(processed)))).toBeUndefined();
    expect(heap(page())).toBeUndefined();
  });

  it("explains the signature step by step", () => {
    const by = { list: "prefix_signature_re.txt", line: 7, pattern: "abort" };
    const steps = [
      { kind: "skipped", name: "raise", at: { frame: 0 }, why: "irrelevant", by },
      { kind: "taken", name: "abort", at: { frame: 1 }, by },
      { kind: "taken", name: "boil", at: { frame: 2, inline: 1 } },
    ];
    const html = page(demoProcessed(id, now, { signature_debug: JSON.stringify(steps) }));
    expect(html).toContain("Frame 0: <code>raise</code> is skipped: it is irrelevant.");
    expect(html).toContain("Frame 1: <code>abort</code> is taken as a prefix: the walk goes on.");
    expect(html).toContain("prefix_signature_re.txt line 7: <code>abort</code>");
    expect(html).toContain("Frame 2, inlined call 1: <code>boil</code> is taken, and ends the signature.");
  });

  it("says what made a frame's text, and why a rule or a switch changed the signature", async () => {
    const stack = [
      { function: "__GI_raise" },
      { function: "abort" },
      { function: "void tea::pour(Cup const&)", file: "pour.cpp", line: 7 },
    ];
    const explained = async (crash: CrashData, switches: string[] = []) => {
      const { steps } = (await signatureMaker("", switches))(crash);
      return page(demoProcessed(id, now, { signature_debug: JSON.stringify(steps) }));
    };
    const poured = await explained({ threads: [{ frames: stack }], hang: 1 });
    expect(poured).toContain("C++ function: <code>void tea::pour(Cup const&#38;)</code>");
    expect(poured).toContain(
      "Rule SignatureGenerationRule (made of the frames of thread 0): the signature becomes <code>abort | tea::pour</code>.",
    );
    expect(poured).toContain(
      "Rule HungProcess (the report says that the process hung (1)): <code>abort | tea::pour</code> becomes <code>hang: 1 | abort | tea::pour</code>.",
    );
    const loop = { function: "void luaV_execute()", line: 12 };
    expect(await explained({ threads: [{ frames: [loop] }] })).toMatch(
      /C\+\+ function: <code>void luaV_execute\(\)<\/code>, with its line number <span class="by">signatures_with_line_numbers_re.txt line \d+/,
    );
    const nameless = { module: "libc.so.6", module_offset: "0x9" };
    const folded = await explained({ threads: [{ frames: [nameless] }] }, ["module-offsets"]);
    expect(folded).toContain("no frame was taken, so <code>libc.so.6</code> is the signature.");
    expect(folded).toContain(
      "The switch module-offsets is on: <code>libc.so.6</code> becomes <code>libc.so.6@0x9</code>.",
    );
  });

  it("shows an explanation that is no list of steps as it is", () => {
    expect(page(demoProcessed(id, now, { signature_debug: "1. because <b>" }))).toContain(
      "1. because &#60;b&#62;",
    );
  });

  it("does without a stack and says why", () => {
    const { json_dump, ...processed } = demoProcessed(id, now, {
      mdsw_status_string: "ERROR_NO_MINIDUMP_HEADER",
    });
    expect(json_dump).toBeDefined();
    expect(page(processed)).toContain("No stack: ERROR_NO_MINIDUMP_HEADER.");
  });

  it("does without the raw crash", () => {
    expect(
      reportPage({ id, processed: demoProcessed(id, now), raw: undefined, dumps: [], attachments: 0 }),
    ).toContain("The raw crash is no longer stored.");
  });

  it("does not grow without bounds", () => {
    const framesOf = (thread: number) =>
      Array.from({ length: 500 }, (_, frame) => ({ frame, function: `f${thread}_${frame}`, trust: "scan" }));
    const threads = Array.from({ length: 300 }, (_, n) => ({ frame_count: 500, frames: framesOf(n) }));
    const html = withDump({ threads, crash_info: {}, crashing_thread: undefined });
    expect(html.match(/<tr class="frame">/g)?.length).toBe(1_000);
    expect(html).toContain(`<a href="/report/thread/${id}?thread&#61;299">Show the frames</a>`);
    expect(html).toContain("Thread 299");
  });

  it("folds a long annotation and cuts one without end", () => {
    const html = page({}, { Long: "x".repeat(300), Endless: "y".repeat(1_000_000) });
    expect(html).toContain("(300 characters)</summary>");
    expect(html.length).toBeLessThan(50_000);
  });
});

describe("hostile values on the report page", () => {
  it("stay text, wherever they stand", () => {
    const processed = poisoned({ ...demoProcessed(id, now), signature_debug: "" });
    const html = page(processed, poisoned(demoRaw(id, now)));
    expect(escapesFrom(html)).toEqual([]);
    expect(html.match(/onerror/g)!.length).toBeGreaterThan(100);
  });

  it("stay text in the steps of the signature", () => {
    for (const kind of ["sentinel", "taken", "skipped", "fallback", "switch", "rule", HOSTILE]) {
      const steps = [
        {
          kind,
          name: "",
          why: "",
          rule: "",
          before: "",
          after: "",
          at: { frame: "", inline: "" },
          source: "",
          from: "",
          by: { list: "", line: "", pattern: "" },
          lineNumber: { list: "", line: "", pattern: "" },
        },
      ];
      const signature_debug = JSON.stringify(steps.map((step) => ({ ...poisoned(step), kind })));
      expect(escapesFrom(page(demoProcessed(id, now, { signature_debug })))).toEqual([]);
    }
  });

  it("stay text when the values' kinds are kept", () => {
    const crash_info = { crashing_thread: 0, adjusted_address: { kind: "null-pointer", offset: HOSTILE } };
    const file = `git:github.com/${HOSTILE}:${HOSTILE}:${HOSTILE}`;
    const threads = [
      { thread_name: HOSTILE, frames: [{ file, line: 1, truncated: null }, { truncated: { msg: HOSTILE } }] },
    ];
    const modules = [{ filename: HOSTILE, symbol_url: `https://${HOSTILE}` }];
    expect(escapesFrom(withDump({ crash_info, threads, modules }))).toEqual([]);
  });

  it("of any type make a page all the same", () => {
    const names = [
      ..."json_dump threads frames inlines crashing_thread crash_info adjusted_address kind modules".split(
        " ",
      ),
      ..."unloaded_modules offsets module filename file line frame truncated registers signature".split(" "),
      ..."signature_debug crash_inconsistencies uptime cpu_count processor_notes oom_allocation_size".split(
        " ",
      ),
    ];
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: "large", withCrossShrink: true },
        fc.oneof(fc.string({ unit: "binary" }), fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names), tie("value"), { maxKeys: 5 }),
      ),
    }));
    const document = fc.dictionary(fc.constantFrom(...names), value);
    fc.assert(
      fc.property(document, document, (processed, raw) => {
        expect(page(processed, raw)).toContain("</html>");
      }),
    );
  });
});
