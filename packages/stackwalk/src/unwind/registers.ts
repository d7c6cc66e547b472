/** The registers known in a frame, by name. Those the callee may have overwritten are unknown in its caller. */
export type Registers = Readonly<Record<string, bigint>>;
