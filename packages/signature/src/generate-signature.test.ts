import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CrashData } from "./crash-data/crash-data.ts";
import { generateSignature } from "./generate-signature.ts";
import { defaultSiglistsFolder, loadSiglists } from "./siglists/load-siglists.ts";
import { crashOf, lists } from "./test-support/lists.ts";

const ownLists = await loadSiglists(defaultSiglistsFolder);

describe("a signature", () => {
  const siglists = lists({ irrelevant: ["raise$"], prefix: ["memcpy$"], sentinels: ["quiet"] });

  it("comes with all frames in its proto signature", () => {
    const result = generateSignature(crashOf("raise", "memcpy(void*)", "app::run", "main"), siglists);
    expect(result.signature).toBe("memcpy | app::run");
    expect(result.protoSignature).toBe("raise | memcpy | app::run | main");
    expect(result.normalizedFrames).toEqual(["raise", "memcpy", "app::run", "main"]);
  });

  it("has inlined functions before the one they are inlined into", () => {
    const crash = crashOf({
      function: "outer",
      module: "app",
      inlines: [{ function: "inner" }, { function: "middle" }],
    });
    const { signature, protoSignature, steps } = generateSignature(crash, siglists);
    expect(signature).toBe("inner");
    expect(protoSignature).toBe("inner | middle | outer");
    expect(steps[0]).toMatchObject({ kind: "taken", name: "inner", at: { thread: 0, frame: 0, inline: 0 } });
  });

  it("looks at 40 frames and no more", () => {
    const crash = crashOf(...Array.from({ length: 39 }, () => "raise"), {
      function: "b",
      inlines: [{ function: "a" }],
    });
    expect(generateSignature(crash, siglists).normalizedFrames?.slice(-2)).toEqual(["raise", "a"]);
  });

  it("falls back to the first frame, from the sentinel on, when all are irrelevant", () => {
    const result = generateSignature(crashOf("raise", "raise"), siglists);
    expect(result.signature).toBe("raise");
    expect(result.notes).toEqual([
      "SignatureGenerationRule: CSignatureTool: no frame data for crashing thread (0)",
    ]);
    expect(result.steps.at(-2)).toEqual({ kind: "fallback", name: "raise", at: { thread: 0, frame: 0 } });
    const lists2 = lists({ irrelevant: ["raise$", "quiet"], sentinels: ["quiet"] });
    expect(generateSignature(crashOf("raise", "quiet", "raise"), lists2).signature).toBe("quiet");
  });

  it.each<[string, CrashData]>([
    ["no threads", {}],
    ["a thread without frames", { threads: [{}] }],
    ["a list of frames that is null", { threads: [{ frames: null }] }],
    ["a crashing thread that is not there", { ...crashOf("x"), crashing_thread: 7 }],
  ])("is EMPTY with %s", (_, crash) => {
    const result = generateSignature(crash, siglists);
    expect(result.signature).toBe("EMPTY: no frame data available");
    expect(result).not.toHaveProperty("protoSignature");
  });

  it("says what made each frame, and which rules changed the signature, why, and from what to what", () => {
    const crash = { ...crashOf("void app::run()"), hang: 1 };
    expect(generateSignature(crash, siglists).steps).toEqual([
      {
        kind: "taken",
        name: "app::run",
        at: { thread: 0, frame: 0 },
        source: "C++ function",
        from: "void app::run()",
      },
      {
        kind: "rule",
        rule: "SignatureGenerationRule",
        why: "made of the frames of thread 0",
        before: "",
        after: "app::run",
      },
      {
        kind: "rule",
        rule: "HungProcess",
        why: "the report says that the process hung (1)",
        before: "app::run",
        after: "hang: 1 | app::run",
      },
    ]);
  });
});

describe("the steps", () => {
  it("are of a bounded size, whatever names there are", () => {
    const long = `void ${"a".repeat(100_000)}(int)`;
    const crash = {
      ...crashOf(...Array.from({ length: 40 }, () => long)),
      reason: "EXCEPTION_STACK_OVERFLOW",
    };
    const { steps, protoSignature } = generateSignature(crash, lists({ prefix: ["a"], sentinels: ["a"] }));
    expect(protoSignature!.length).toBeGreaterThan(4_000_000);
    expect(steps).toHaveLength(40 + 3);
    expect(JSON.stringify(steps).length).toBeLessThan(100_000);
  });
});

describe("a Java crash's signature", () => {
  const signatureOf = (crash: CrashData) => generateSignature(crash, ownLists);
  const trace = (java_stack_trace: string) => signatureOf({ java_stack_trace });

  it("is class, description and top method of the stack trace", () => {
    const text = "java.lang.IllegalStateException: no view\n\tat org.app.Main.run(Main.java:12)\n\tat x";
    expect(trace(text).signature).toBe(
      "java.lang.IllegalStateException: no view at org.app.Main.run(Main.java)",
    );
  });

  it("has no object's address", () => {
    expect(trace("a.E: on a.V@1a2b3c4d\n\tat b.c(D.java:1)").signature).toBe(
      "a.E: on a.V@<addr>: at b.c(D.java)",
    );
  });

  it("goes without a description that is too long", () => {
    const { signature, notes } = trace(`a.E: ${"d".repeat(300)}\n\tat b.c(D.java:1)`);
    expect(signature).toBe("a.E: at b.c(D.java)");
    expect(notes).toEqual([
      "SignatureGenerationRule: JavaSignatureTool: dropped Java exception description due to length",
    ]);
  });

  it("says what is missing of the trace", () => {
    expect(trace("a.E").notes).toEqual([
      "SignatureGenerationRule: JavaSignatureTool: stack trace line 1 is not in the expected format",
      "SignatureGenerationRule: JavaSignatureTool: stack trace line 2 is missing",
    ]);
  });

  it("is class and top frame of an exception that came as an object", () => {
    const frames = [{ module: "org.app.Main", function: "run", filename: "Main.kt" }];
    const exception = (stacktrace: unknown) => ({
      java_exception: { exception: { values: [{ stacktrace }] } },
    });
    expect(signatureOf(exception({ module: "java.lang", type: "Error", frames })).signature).toBe(
      "java.lang.Error: at org.app.Main.run(Main.kt)",
    );
    expect(signatureOf(exception({ type: "Error", frames: [{}] })).signature).toBe("Error: at unknown");
    expect(signatureOf(exception({ type: "Error" })).signature).toBe("Error");
    expect(signatureOf(exception(null)).signature).toBe("EMPTY: Java exception not in expected format");
  });
});

describe("hostile input", () => {
  const word = fc.constantFrom(
    ..."<>()[]{}`'&*, :@#\\/\n",
    "operator",
    "::",
    "const",
    "IPC::ParamTraits<",
    " as ",
    "é",
  );
  const name = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(word, { maxLength: 20 }).map((words) => words.join("")),
  );
  const value = fc.oneof(name, name, fc.anything());
  const frame = fc.oneof(
    fc.record(
      {
        function: value,
        file: value,
        line: fc.anything(),
        module: value,
        offset: value,
        unloaded_modules: fc.anything(),
        inlines: fc.anything(),
      },
      { requiredKeys: [] },
    ),
    fc.anything(),
  );
  const crash = fc.record(
    {
      crashing_thread: fc.anything(),
      os: fc.constantFrom("Windows NT", "Linux", 3),
      reason: value,
      threads: fc.oneof(fc.array(fc.record({ frames: fc.array(frame) })), fc.anything()),
      oom_allocation_size: fc.anything(),
      abort_message: value,
      async_shutdown_timeout: fc.oneof(value, fc.json()),
      ipc_channel_error: value,
      additional_minidumps: fc.anything(),
      hang: fc.anything(),
      java_stack_trace: value,
      java_exception: fc.anything(),
    },
    { requiredKeys: ["threads"] },
  );

  it("gets a printable signature of at most 255 characters and never an error", () => {
    fc.assert(
      fc.property(crash, (input) => {
        const { signature, notes } = generateSignature(input as CrashData, ownLists);
        expect(signature).toMatch(/^[ -~]{0,255}$/);
        expect(notes.filter((note) => note.includes("Rule failed"))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  const patterns = [
    "_",
    "<",
    "() ",
    "( ",
    " ",
    " *",
    ", ",
    "a<b>",
    "IPC::ParamTraits<",
    "operator<",
    "::$_1::",
    "std::vector<",
    "0",
  ];
  // What is square in the length takes minutes for such names, and what is linear a fraction of a second.
  it.each(patterns)("does not make names of 200 kB dear: %j over and over", (pattern) => {
    const name = pattern.repeat(200_000 / pattern.length);
    const inlines = [{ function: name }, { file: name, line: 1 }, { module: name }];
    const frames = [{ function: name, file: "/x.rs", inlines }, { module: name }, { offset: `0x${name}z` }];
    const start = performance.now();
    const { normalizedFrames } = generateSignature(crashOf(...frames), ownLists);
    expect(normalizedFrames).toHaveLength(6);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
