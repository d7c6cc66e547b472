import { describe, expect, it } from "vitest";
import { SynthBytes, synthMinidump } from "../synth/index.ts";
import { dumpOf } from "../test-support/dump-of.ts";
import { crashReason } from "./crash-reason.ts";
import { lastError } from "./last-error.ts";

const reason = (code: number, parameters: readonly bigint[] = []) =>
  crashReason(dumpOf(synthMinidump().system({ platform: 2 }).exception({ code, parameters })));

describe("crashReason on Windows", () => {
  it.each([
    [0xc0000005, [], "EXCEPTION_ACCESS_VIOLATION"],
    [0xc0000005, [0n, 8n], "EXCEPTION_ACCESS_VIOLATION_READ"],
    [0xc0000005, [1n, 8n], "EXCEPTION_ACCESS_VIOLATION_WRITE"],
    [0xc0000005, [8n, 8n], "EXCEPTION_ACCESS_VIOLATION_EXEC"],
    [0xc0000005, [7n, 8n], "EXCEPTION_ACCESS_VIOLATION"],
    [0xc0000006, [0n, 8n], "EXCEPTION_IN_PAGE_ERROR"],
    [0xc0000006, [0n, 8n, 0xffff_ffff_c000_009cn], "EXCEPTION_IN_PAGE_ERROR_READ / STATUS_DEVICE_DATA_ERROR"],
    [0xc0000006, [1n, 8n, 0xc7ff_ffffn], "EXCEPTION_IN_PAGE_ERROR_WRITE / 0xc7ffffff"],
    [0x80000003, [], "EXCEPTION_BREAKPOINT"],
    [0xc00000fd, [], "EXCEPTION_STACK_OVERFLOW"],
    [0xe0000008, [], "Out of Memory"],
    [0xe06d7363, [], "Unhandled C++ Exception"],
    [0x0517a7ed, [], "Simulated Exception"],
    [0xc0000409, [], "STATUS_STACK_BUFFER_OVERRUN"],
    [0xc0000409, [7n], "EXCEPTION_STACK_BUFFER_OVERRUN / FAST_FAIL_FATAL_APP_EXIT"],
    [0xc0000409, [54n], "EXCEPTION_STACK_BUFFER_OVERRUN / FAST_FAIL_UNHANDLED_LSS_EXCEPTON"],
    [0xc0000409, [0xffff_0000_0000_0bb8n], "EXCEPTION_STACK_BUFFER_OVERRUN / 0x00000bb8"],
    [0xc0000374, [], "STATUS_HEAP_CORRUPTION"],
    [0x40000015, [], "STATUS_FATAL_APP_EXIT"],
    [8, [], "ERROR_NOT_ENOUGH_MEMORY"],
    [1455, [], "ERROR_COMMITMENT_LIMIT"],
    [0xc06d007e, [], "FACILITY_VISUALCPP / ERROR_MOD_NOT_FOUND"],
    [0xc06dffff, [], "unknown 0xc06dffff"],
    [0x87654321, [], "unknown 0x87654321"],
  ])("names code 0x%x with parameters %s", (code, parameters, text) => {
    expect(reason(code, parameters)).toBe(text);
  });
});

describe("lastError", () => {
  const of = (arch: number, offset: bigint, value: number, platform = 2) => {
    const dump = dumpOf(
      synthMinidump()
        .system({ arch, platform })
        .thread({ teb: 0x7000n })
        .memory({ base: 0x7000n + offset, bytes: new SynthBytes("little").u32(value).finish() }),
    );
    return lastError(dump, dump.threads[0]!);
  };

  it("stands thirteen pointers into the thread's environment block, whatever the system", () => {
    expect(of(9, 0x68n, 5)).toBe("ERROR_ACCESS_DENIED");
    expect(of(0, 0x34n, 0)).toBe("ERROR_SUCCESS");
    expect(of(9, 0x68n, 0xc000_0034)).toBe("STATUS_OBJECT_NAME_NOT_FOUND");
    expect(of(9, 0x68n, 5, 0x8201)).toBe("ERROR_ACCESS_DENIED");
  });

  it("is not known without that block", () => {
    expect(of(9, 0x6cn, 5)).toBeUndefined();
    expect(of(9, 0x66n, 5)).toBeUndefined();
  });
});
