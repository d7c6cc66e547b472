export { syncFolder } from "../fs/sync-folder.ts";
export { BLOCK_BYTES, blockMemory, bytesBehindBlock, isAtBlock, wholeBlocks } from "./block-memory.ts";
export { GatheringWriter } from "./gathering-writer.ts";
export { DIRECT, isDirectRefused, openDirect, openDirectSync } from "./open-direct.ts";
export { writeAll } from "./write-all.ts";
