import { MaydayError } from "@mayday/crash";

/** Does the work, and puts the document's name before what is wrong with it. */
export function named<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof MaydayError)) throw error;
    throw new MaydayError(error.code, `${name}: ${error.detail}`, { cause: error });
  }
}
