import { found } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";

const PAGE = 1000;
/** As many as the queues remember. */
const MOST = 10_000;

/** Reports whose processing failed, or waits for what it needs: the newest first, in pages. */
export const missingProcessedCrash: Endpoint = {
  name: "MissingProcessedCrash",
  says: "Reports whose processing failed or waits, and whether they are processed by now: page.",
  example: "pretty=print",
  method: "GET",
  parameters: [
    { name: "page", says: "From 1 on.", must: { match: /^[1-9]\d{0,5}$/, says: "Enter a whole number." } },
  ],
  async answer({ params }, { crashJobs, storage }) {
    const page = Number(params.get("page")?.trim() || 1);
    const [aside, waiting] = await Promise.all([crashJobs.setAside(MOST), crashJobs.waiting(MOST)]);
    const byId = new Map([...aside, ...waiting].map((one) => [one.crashId, one.when]));
    const all = [...byId].sort(([, a], [, b]) => b.getTime() - a.getTime());
    const shown = all.slice((page - 1) * PAGE, page * PAGE);
    const results: object[] = [];
    for (const [crash_id, when] of shown) {
      const is_processed = await storage.hasProcessed(crash_id);
      results.push({ crash_id, is_processed, created: when.toISOString() });
    }
    const address = (of: number): string => `/api/MissingProcessedCrash/?page=${of}`;
    return found({
      results,
      count: all.length,
      next: page * PAGE < all.length ? address(page + 1) : null,
      previous: page > 1 ? address(page - 1) : null,
    });
  },
};
