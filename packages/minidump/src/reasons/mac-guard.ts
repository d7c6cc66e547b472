import { hex16 } from "../bytes/hex.ts";
import type { MinidumpException } from "../streams/exception.ts";

/** Something guarded that was touched: its flavors, and what code and subcode say. */
interface Guard {
  readonly name: string;
  readonly flavors: Readonly<Record<number, string>>;
  readonly says: (code: bigint, subcode: bigint) => string;
}

/** What the code names beside its flavor: a port, a descriptor, a process. */
const target = (code: bigint) => code & 0xfff_ffffn;

const portFlavors: Guard["flavors"] = {
  1: "GUARD_EXC_DESTROY",
  2: "GUARD_EXC_MOD_REFS",
  3: "GUARD_EXC_INVALID_OPTIONS",
  4: "GUARD_EXC_SET_CONTEXT",
  5: "GUARD_EXC_THREAD_SET_STATE",
  [0x8]: "GUARD_EXC_UNGUARDED",
  [0x10]: "GUARD_EXC_INCORRECT_GUARD",
  [0x20]: "GUARD_EXC_IMMOVABLE",
  [0x40]: "GUARD_EXC_STRICT_REPLY",
  [0x80]: "GUARD_EXC_MSG_FILTERED",
  [0x100]: "GUARD_EXC_INVALID_RIGHT",
  [0x200]: "GUARD_EXC_INVALID_NAME",
  [0x400]: "GUARD_EXC_INVALID_VALUE",
  [0x800]: "GUARD_EXC_INVALID_ARGUMENT",
  [0x1000]: "GUARD_EXC_RIGHT_EXISTS",
  [0x2000]: "GUARD_EXC_KERN_NO_SPACE",
  [0x4000]: "GUARD_EXC_KERN_FAILURE",
  [0x8000]: "GUARD_EXC_KERN_RESOURCE",
  [0x1_0000]: "GUARD_EXC_SEND_INVALID_REPLY",
  [0x2_0000]: "GUARD_EXC_SEND_INVALID_VOUCHER",
  [0x4_0000]: "GUARD_EXC_SEND_INVALID_RIGHT",
  [0x8_0000]: "GUARD_EXC_RCV_INVALID_NAME",
  [0x10_0000]: "GUARD_EXC_RCV_GUARDED_DESC",
  [0x20_0000]: "GUARD_EXC_MOD_REFS_NON_FATAL",
  [0x40_0000]: "GUARD_EXC_IMMOVABLE_NON_FATAL",
  [0x80_0000]: "GUARD_EXC_REQUIRE_REPLY_PORT_SEMANTICS",
  [0x100_0000]: "GUARD_EXC_EXCEPTION_BEHAVIOR_ENFORCE",
};

/** By the type in the flags (kern/exc_guard.h). */
const guards: Readonly<Record<number, Guard>> = {
  1: {
    name: "GUARD_TYPE_MACH_PORT",
    flavors: portFlavors,
    says: (code, subcode) => `port name: ${target(code)}${subcode === 0n ? "" : ` subcode: ${subcode}`}`,
  },
  2: {
    name: "GUARD_TYPE_FD",
    flavors: {
      1: "GUARD_EXC_CLOSE",
      2: "GUARD_EXC_DUP",
      4: "GUARD_EXC_NOCLOEXEC",
      8: "GUARD_EXC_SOCKET_IPC",
      16: "GUARD_EXC_FILEPORT",
      32: "GUARD_EXC_MISMATCH",
      64: "GUARD_EXC_WRITE",
    },
    says: (code, subcode) => `file descriptor: ${target(code)} guard identifier: ${subcode}`,
  },
  4: {
    name: "GUARD_TYPE_VN",
    flavors: {
      1: "GUARD_EXC_RENAME_TO",
      2: "GUARD_EXC_RENAME_FROM",
      4: "GUARD_EXC_UNLINK",
      8: "GUARD_EXC_WRITE_OTHER",
      16: "GUARD_EXC_TRUNC_OTHER",
      32: "GUARD_EXC_LINK",
      64: "GUARD_EXC_EXCHDATA",
    },
    says: (code, subcode) => `pid: ${target(code)} guard identifier: ${subcode}`,
  },
  5: {
    name: "GUARD_TYPE_VIRT_MEMORY",
    flavors: { 1: "GUARD_EXC_DEALLOC_GAP" },
    says: (_, subcode) => `offset: ${subcode}`,
  },
  6: {
    name: "GUARD_TYPE_REJECTED_SC",
    flavors: { 0: "GUARD_EXC_MACH_TRAP" },
    says: (_, subcode) => `syscall: ${subcode}`,
  },
};

/** What follows `EXC_GUARD`; undefined for a guard without a name. */
export function macGuardText({ flags, parameters }: MinidumpException): string | undefined {
  const type = (flags >>> 29) & 7;
  const [, code = 0n, subcode = 0n] = parameters;
  if (type === 0) return " / GUARD_TYPE_NONE";
  // Without a blank before the slash, as rust-minidump prints it.
  if (type === 3) return ` / GUARD_TYPE_USER/ namespace: ${code & 0xffff_ffffn} guard identifier: ${subcode}`;
  const guard = guards[type];
  if (guard === undefined) return undefined;
  const flavor = guard.flavors[Number((code >> 32n) & 0x1fff_ffffn)];
  const says =
    flavor === undefined ? `${hex16(code)} / ${hex16(subcode)}` : `${flavor} ${guard.says(code, subcode)}`;
  return ` / ${guard.name} / ${says}`;
}
