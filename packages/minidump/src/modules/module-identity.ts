import type { ByteReader } from "../bytes/byte-reader.ts";
import { follow, readLocation } from "../bytes/location.ts";
import type { StreamContext } from "../bytes/stream-context.ts";
import type { Os } from "../system/cpu-and-os.ts";
import { type CodeView, readCodeView } from "./codeview.ts";
import { buildIdAsDebugId, debugIdText } from "./debug-id.ts";
import { moduleFileName } from "./module-file-name.ts";

/** The names under which a module and its symbols are known to symbol servers. */
export interface ModuleIdentity {
  readonly debugFile: string | undefined;
  readonly debugId: string | undefined;
  readonly codeId: string | undefined;
}

/** Derives a module's ids from its MINIDUMP_MODULE `entry` and the CodeView record that points out. */
export function moduleIdentity(
  entry: ByteReader,
  context: StreamContext,
  os: Os,
  name: string,
): ModuleIdentity {
  const record = follow(context.file, readLocation(entry, 76));
  const readable = record !== undefined && context.budget.spend(record.length);
  const codeView = readable ? readCodeView(record) : undefined;
  const stampCodeId = timestampCodeId(entry.u32(16), entry.u32(8));
  if (codeView === undefined) {
    return {
      debugFile: undefined,
      debugId: undefined,
      codeId: os === "Windows NT" ? stampCodeId : undefined,
    };
  }
  if (codeView.kind === "elf")
    return elfIdentity(codeView.buildId, moduleFileName(name, os), record!.byteOrder);
  return pdbIdentity(codeView, stampCodeId, os);
}

function elfIdentity(buildId: Uint8Array, fileName: string, byteOrder: "little" | "big"): ModuleIdentity {
  // Zeros stand for "no build id": as an id they would make all such files one.
  const empty = buildId.every((byte) => byte === 0);
  return {
    debugFile: fileName || undefined,
    debugId: empty ? undefined : buildIdAsDebugId(buildId, byteOrder),
    codeId: empty ? undefined : Buffer.from(buildId).toString("hex"),
  };
}

function pdbIdentity(
  codeView: Exclude<CodeView, { kind: "elf" }>,
  stampCodeId: string,
  os: Os,
): ModuleIdentity {
  const debugFile = moduleFileName(codeView.name, os) || undefined;
  if (codeView.kind === "pdb20") {
    const signature = codeView.signature.toString(16).toUpperCase().padStart(8, "0");
    return { debugFile, debugId: `${signature}${codeView.age.toString(16)}`, codeId: stampCodeId };
  }
  // Apple writers carry the Mach-O UUID in a record meant for PDB files.
  const apple = os === "Mac OS X" || os === "iOS";
  return {
    debugFile,
    debugId: /^0+$/.test(codeView.guid) ? undefined : debugIdText(codeView.guid, codeView.age),
    codeId: apple ? codeView.guid.toLowerCase() : stampCodeId,
  };
}

/** The code id Microsoft's symbol servers use for program files: time stamp, then size, both from the file. */
export function timestampCodeId(timestamp: number, size: number): string {
  return `${timestamp.toString(16).padStart(8, "0")}${size.toString(16)}`;
}
