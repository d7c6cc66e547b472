import { runNamed } from "../run-named.ts";

/**
 * Each measures one thing and prints it beside a peer or a limit, from the same run. What is not asked for is not loaded:
 * with a Redis client in the process V8 makes signatures a third slower.
 */
await runNamed("npm run bench", {
  bulk: async () => (await import("./bulk.ts")).bulk(),
  collector: async () => (await import("./collector.ts")).collector(),
  hostile: async () => (await import("./hostile.ts")).hostile(),
  intake: async () => (await import("./intake.ts")).intake(),
  symcache: async () => (await import("./symcache.ts")).symcache(),
  stackwalk: async () => (await import("./stackwalk.ts")).stackwalk(),
  symbolicate: async () => (await import("./symbolicate.ts")).symbolicate(),
  pipeline: async () => (await import("./pipeline.ts")).pipeline(),
  pages: async (options) => (await import("./pages.ts")).pages(options),
  pings: async () => (await import("./pings.ts")).pings(),
  signature: async () => (await import("./signature.ts")).signature(),
  signatureDiff: async () => (await import("./signature-diff.ts")).signatureDiff(),
  search: async (options) => (await import("./search/search.ts")).search(options),
});
