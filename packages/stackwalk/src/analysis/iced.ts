import { createRequire } from "node:module";
import type * as Iced from "iced-x86";

/**
 * The disassembler. It is required, not imported: what is imported and might be CommonJS Node reads for its kind and for
 * the names it exports first, and of this megabyte that takes as long as to run it.
 */
const iced: typeof Iced = createRequire(import.meta.url)("iced-x86");

export const { Decoder, DecoderOptions, EncodingKind, MemorySizeExt, Mnemonic, OpKind, Register } = iced;
export type Instruction = Iced.Instruction;
export type Mnemonic = Iced.Mnemonic;
export type OpKind = Iced.OpKind;
export type Register = Iced.Register;
