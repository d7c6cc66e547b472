import { readMinidump } from "@mayday/minidump";
import { synthMinidump, synthStack } from "@mayday/minidump/synth";
import { describe, expect, it } from "vitest";
import { appDump, appSymbols, CRASH, inApp, MAIN } from "../test-support/app.ts";
import { walked } from "../test-support/walked.ts";
import { type HumanReportOptions, humanReport } from "./human-report.ts";

const STACK = 0x7ffe_0000n;

function reportOf(synth: ReturnType<typeof appDump>, options?: HumanReportOptions): string {
  const bytes = synth.finish();
  const read = readMinidump(bytes);
  if (!read.ok) throw new Error(read.error.message);
  return humanReport(read.dump, walked(bytes, appSymbols()), options);
}

const registers = { rip: inApp(CRASH), rsp: STACK };

function crash() {
  return appDump()
    .thread({ id: 7, name: "main", stack: synthStack(STACK).word(inApp(MAIN)).gap(1), registers })
    .thread({ id: 8, registers: { rip: 0x60_0010n, rsp: 1n } })
    .unloadedModule({ base: 0x60_0000n, size: 0x1000, name: "gone.so" })
    .exception({ threadId: 7, code: 11, flags: 1, address: 0x20n, registers });
}

describe("the report for people", () => {
  it("tells the crash, then all stacks, then modules", () => {
    expect(
      reportOf(crash(), { certificates: new Map([["app", "Teapot Inc."]]) }),
    ).toBe(`Operating system: Linux
                  0.0.0
CPU: amd64
     family 0 model 0 stepping 0
     0 CPU

Crash reason:  SIGSEGV / SEGV_MAPERR
Crash address: 0x0000000000000020
Crashing address may be the result of a flipped bit:
  0. Valid address: 0x0000000000000000 (0.438)

Process uptime: not available

Thread 0 main (crashed) - tid: 7
 0  app!crash + 0x10
     rax = 0x0000000000000000    rdx = 0x0000000000000000
     rcx = 0x0000000000000000    rbx = 0x0000000000000000
     rsi = 0x0000000000000000    rdi = 0x0000000000000000
     rbp = 0x0000000000000000    rsp = 0x000000007ffe0000
      r8 = 0x0000000000000000     r9 = 0x0000000000000000
     r10 = 0x0000000000000000    r11 = 0x0000000000000000
     r12 = 0x0000000000000000    r13 = 0x0000000000000000
     r14 = 0x0000000000000000    r15 = 0x0000000000000000
     rip = 0x0000000000401010
    Found by: given as instruction pointer in context
 1  app!main + 0xf
     rsp = 0x000000007ffe0008    rip = 0x0000000000403010
    Found by: stack scanning

Thread 1  - tid: 8
 0  0x600010 (unloaded gone.so@0x10)
     rax = 0x0000000000000000    rdx = 0x0000000000000000
     rcx = 0x0000000000000000    rbx = 0x0000000000000000
     rsi = 0x0000000000000000    rdi = 0x0000000000000000
     rbp = 0x0000000000000000    rsp = 0x0000000000000001
      r8 = 0x0000000000000000     r9 = 0x0000000000000000
     r10 = 0x0000000000000000    r11 = 0x0000000000000000
     r12 = 0x0000000000000000    r13 = 0x0000000000000000
     r14 = 0x0000000000000000    r15 = 0x0000000000000000
     rip = 0x0000000000600010
    Found by: given as instruction pointer in context

Loaded modules:
0x00400000 - 0x0040ffff  app  ???  (main) (Teapot Inc.)
0x00700000 - 0x0070ffff  lib  ???

Unloaded modules:
0x00600000 - 0x00600fff  gone.so
`);
  });

  it("lets no name make a line, or tell a terminal what to do", () => {
    const evil = "x\u001b[31m\u009b1m\u202e\nThread 9 (crashed)";
    const synth = appDump()
      .module({ base: 0x90_0000n, size: 0x1000, name: evil })
      .unloadedModule({ base: 0xa0_0000n, size: 0x1000, name: evil })
      .thread({ id: 5, name: evil, registers: { rip: 0x90_0010n } })
      .softErrors(JSON.stringify(evil.split(" ")));
    const report = reportOf(synth.exception({ code: 11, threadId: 5 }));
    expect(report.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(report).not.toMatch(/^Thread 9/m);
    expect(report).toContain("x\\u{1b}[31m\\u{9b}1m\\u{202e}\\u{a}Thread 9");
  });

  it("is only of the crash and its thread when it is to be brief", () => {
    const report = reportOf(crash(), { brief: true });
    expect(report).toContain("Thread 0 main (crashed)");
    expect(report).not.toContain("Thread 1");
    expect(report).not.toContain("modules");
  });

  it("tells what the crashing instruction touched, and where it went", () => {
    const crashedAt = (code: string) =>
      reportOf(crash().memory({ base: inApp(CRASH), bytes: Buffer.from(code.padEnd(32, "90"), "hex") }));
    expect(crashedAt("488b03")).toContain(`Crashing instruction: \`mov rax, qword [rbx]\`
Memory accessed by instruction:
  0. Address: 0x0000000000000000
     Size: 8
     Access type: Read
No instruction pointer update by instruction
`);
    expect(crashedAt("ffe0")).toContain(`
No memory accessed by instruction
Instruction pointer update done by instruction:
  Address: 0x0000000000000000
`);
  });

  it("tells of a dump that was asked for, and of a thread without frames", () => {
    const asked = appDump().thread({ id: 5 }).breakpadInfo({ requestingThreadId: 5 });
    expect(reportOf(asked)).toContain(
      "No crash\n\nProcess uptime: not available\n\nThread 0  (requested dump, did not crash) - tid: 5\n<no frames>\n",
    );
  });

  it("tells what the system and its libraries said", () => {
    const synth = synthMinidump({ timestamp: 100 })
      .system({ platform: 0x8101 })
      .miscInfo({ times: [40, 0, 0] })
      .macCrashInfo([{ version: 4, thread: 3n, strings: ["/usr/lib/x.dylib", "abort() called", "", "", ""] }])
      .macBootArgs("-v")
      .softErrors('[{"a":1}]');
    const report = reportOf(synth);
    expect(report).toContain(
      "  Record 0\n    thread: 0x3\n    module: /usr/lib/x.dylib\n    message: abort() called\n",
    );
    expect(report).toContain("Mac Boot Args: -v\nProcess uptime: 60 seconds");
    expect(report).toContain(
      'Soft errors were encountered when minidump was written:\n[\n  {\n    "a": 1\n  }\n]\n',
    );
  });
});
