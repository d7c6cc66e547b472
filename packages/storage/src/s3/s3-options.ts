import type { Patience } from "../patience.ts";

export interface S3Options {
  readonly bucket: string;
  readonly region: string;
  /** Address of an S3 that is not Amazon's; buckets are parts of its paths then. */
  readonly endpoint?: string;
  /** Background when absent. */
  readonly patience?: Patience;
}
