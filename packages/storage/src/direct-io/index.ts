export { BLOCK_BYTES, blockMemory, bytesBehindBlock, isAtBlock, wholeBlocks } from "./block-memory.ts";
export { GatheringWriter } from "./gathering-writer.ts";
export { DIRECT, isDirectRefused, openDirect, openDirectSync } from "./open-direct.ts";
export { syncFolder } from "./sync-folder.ts";
export { canSyncFileSystems, syncFileSystem } from "./system-calls.ts";
export { writeAll } from "./write-all.ts";
