/** Processor families, by the name reports use. */
export type Cpu =
  | "x86"
  | "amd64"
  | "arm"
  | "arm64"
  | "mips"
  | "mips64"
  | "ppc"
  | "ppc64"
  | "sparc"
  | "riscv"
  | "riscv64"
  | "loongarch64"
  | "unknown";

/** Operating systems, by the name reports use; an unknown platform is its number in hex. */
export type Os =
  | "Windows NT"
  | "Mac OS X"
  | "iOS"
  | "Linux"
  | "Solaris"
  | "Android"
  | "PS3"
  | "NaCl"
  | `0x${string}`;
