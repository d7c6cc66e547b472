/**
 * Where this walker knows better than minidump-stackwalk. A walk without them gives that program's answer, so that the
 * two can be compared.
 */
export const walkImprovements = {
  outermost_frame:
    "A frame whose call-frame rules name no return address is a thread's outermost one. The peer takes such rules for broken, scans on, and finds leftovers.",
  return_to_data:
    "A return address in memory that is known not to be executable is none: scanning passes over it, and a walk that came to it by rules or frame pointer ends. Breakpad's dump_syms loses the mark of the outermost frame; following `_start` then leads into its arguments.",
} as const;
