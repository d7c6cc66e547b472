import { eventually, type Pipeline } from "../system/pipeline.ts";

const LIMIT_MS = 300_000;

/** Waits until a search finds so many. */
export async function untilSearchable({ webapp }: Pipeline, query: string, count: number): Promise<void> {
  const search = `${webapp}/api/SuperSearch/?${query}&_results_number=0&_facets_size=0`;
  await eventually(
    `${count} of ${query} are searchable`,
    async () => {
      const { total } = (await (await fetch(search)).json()) as { total: number };
      return total >= count ? total : undefined;
    },
    LIMIT_MS,
  );
}
