import type { ByteReader } from "../bytes/byte-reader.ts";
import type { Os } from "../system/cpu-and-os.ts";

const signature = 0xfeef_04bd;
const structVersion = 0x0001_0000;

/**
 * The version in a VS_FIXEDFILEINFO (verrsrc.h), as `153.7.0.0`; undefined when its signature is not there.
 * Windows and Apple writers pack two numbers into each word; Linux writers, which take the version from the
 * soname, use one whole word for each number.
 */
export function moduleVersion(fileInfo: ByteReader, os: Os): string | undefined {
  if (fileInfo.u32(0) !== signature || fileInfo.u32(4) !== structVersion) return undefined;
  const high = fileInfo.u32(8);
  const low = fileInfo.u32(12);
  if (os === "Linux" || os === "Android") {
    return `${high}.${low}.${fileInfo.u32(16)}.${fileInfo.u32(20)}`;
  }
  return `${high >>> 16}.${high & 0xffff}.${low >>> 16}.${low & 0xffff}`;
}
