import { MaydayError } from "@mayday/errors";

/** What is wrong, in words; undefined where the error's own are good enough. */
export type Words = (error: unknown) => string | undefined;

/**
 * Does what a store was asked for; what goes wrong is said in the port's words.
 * @throws {MaydayError} STORAGE_UNAVAILABLE, or what `work` throws of the catalogue
 */
export async function told<T>(work: () => Promise<T>, words?: Words): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unavailable(error, words);
  }
}

export function unavailable(error: unknown, words?: Words): MaydayError {
  if (error instanceof MaydayError) return error;
  const { code, name, message } = error as NodeJS.ErrnoException;
  const detail = words?.(error) ?? code ?? (name === "Error" ? message : name);
  return new MaydayError("STORAGE_UNAVAILABLE", String(detail), { cause: error });
}
