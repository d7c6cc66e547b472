/**
 * Where this walker knows better than minidump-stackwalk. A walk without them gives that program's answer, so that the
 * two can be compared; each can be left out by its name.
 */
export const walkImprovements = {
  outermost_frame:
    "A frame whose call-frame rules name no return address is a thread's outermost one. The peer takes such rules for broken, scans on, and finds leftovers.",
  return_to_data:
    "A return address in memory that is known not to be executable is none: scanning passes over it, and a walk that came to it by rules or frame pointer ends. Breakpad's dump_syms loses the mark of the outermost frame; following `_start` then leads into its arguments.",
  jit_frames:
    "Scanning takes return addresses in memory that is known to be executable though no module is there: code that was compiled while the program ran. The peer passes over them, and its walk jumps to the next function of a module.",
  windows_saved_registers:
    "On 64-bit Windows a callee gives rdi and rsi back as they were. The peer forgets them, and rules that need them fail.",
  kept_frame_pointer:
    "Rules that say nothing of the frame pointer leave it as it is. Where it was found by the chain of frame pointers on ARM, the peer forgets it, under another name of it.",
  leaf_frames:
    "A leaf function that crashed has no frame: its return address is in lr (ARM), or the first word on the stack (64-bit Windows, whose functions without unwind rules are leaves). The peer follows the frame pointer, which belongs to the caller, and loses the caller.",
  apple_chain_end:
    "A saved frame pointer of 0 is where threads of Apple's systems begin: the walk ends there. The peer scans on, and finds leftovers.",
  high_addresses:
    "The bits of an ARM64 pointer that are taken for its authentication code are those above the highest module and stack. The peer looks at modules only, and cuts frame pointers into high stacks.",
  stack_from_its_bytes:
    "Where the stack pointer lies in the guard page below a stack that overflowed, scanning begins with the stack's first byte. The peer finds no caller.",
  windows_frame_to_nowhere:
    "A STACK WIN record that leads to an address in the first page leads nowhere: the next method is tried. The peer ends the walk.",
  behind_no_return:
    "Where the crashing thread stands on the first byte behind a function, which a call that does not return leads to, the frame is that function's, and so are its rules. The peer finds no function there, or the next one.",
  inner_modules:
    "A module inside another's listed range is found where it is: the vdso in the gap between the dynamic linker's segments. The peer finds only the outer one.",
  joined_mappings:
    "Module entries that Linux's maps show to be later mappings of one file are that file's: their offsets count from its beginning. The peer takes each for a module of its own.",
  overrun_before_bit_flip:
    "An address less than a page from what is mapped is rather a buffer that was overrun: the nearer, the less confident is a bit flip. The peer is as confident as anywhere.",
  section_names:
    "`<.text ELF section in libxul.so>` is no function: Mozilla's dump_syms gives stripped files one of that name for all of their code. Module and offset say more; call-frame rules count as ever. The peer shows the name, and every crash in such a file has one signature.",
  shadow_stack:
    "Where a dump holds the stack of return addresses that the processor itself keeps (CET), they decide what called what: a caller found otherwise counts only where it is the same. The peer does not look at it.",
  stack_is_no_code:
    "A pointer into a thread's stack is no return address, even where the stack is executable. The peer passes over it, since no module is there.",
  instruction_relative_access:
    "What an instruction addresses relative to itself counts from its end, as the processor counts. The peer counts from its start.",
} as const;

export type WalkImprovement = keyof typeof walkImprovements;

/** All of them. */
export const allImprovements: ReadonlySet<WalkImprovement> = new Set(
  Object.keys(walkImprovements) as WalkImprovement[],
);

/** None of them: the peer's walk. */
export const noImprovements: ReadonlySet<WalkImprovement> = new Set();
