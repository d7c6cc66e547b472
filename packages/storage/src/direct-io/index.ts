export { BLOCK_BYTES, blockMemory, wholeBlocks } from "./block-memory.ts";
export { BlockWriter } from "./block-writer.ts";
export { openDirect } from "./open-direct.ts";
