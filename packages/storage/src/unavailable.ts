import { MaydayError } from "@mayday/crash";

/**
 * Does what a store was asked for; what goes wrong is said in the port's words.
 * @throws {MaydayError} STORAGE_UNAVAILABLE, or what `work` throws of the catalogue
 */
export async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MaydayError) throw error;
    const { code, name, message } = error as NodeJS.ErrnoException;
    const detail = code ?? (name === "Error" ? message : name);
    throw new MaydayError("STORAGE_UNAVAILABLE", String(detail), { cause: error });
  }
}
