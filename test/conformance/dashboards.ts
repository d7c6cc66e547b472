import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../packages/storage/src/test-support/servers.ts";
import { dataFolder, processedCrash, repository, startPipeline } from "../system/pipeline.ts";
import { demoAnnotations, demoDump, postForm } from "../system/submit.ts";
import { hasPrometheus, startPrometheus } from "./prometheus.ts";

const LOAD_MS = 15_000;
const LIMIT_MS = 60_000;

/** Runs the pipeline under a short load, lets Prometheus scrape it, and asks every query of every panel: each has data. */
export async function dashboards(): Promise<boolean> {
  if (!hasPrometheus()) return false;
  const data = await dataFolder();
  const [processor, indexer, scheduler] = [await freePort(), await freePort(), await freePort()];
  const pipeline = await startPipeline(data.path, {
    PROCESSOR_PORT: String(processor),
    INDEXER_PORT: String(indexer),
    SCHEDULER_PORT: String(scheduler),
    SYMBOL_SOURCES: join(repository, "fixtures/symbols"),
    COLLECTOR_THROTTLE_RULES: "accept_all",
  });
  const targets = {
    collector: new URL(pipeline.collector).host,
    symbols: new URL(pipeline.symbols).host,
    webapp: new URL(pipeline.webapp).host,
    processor: `127.0.0.1:${processor}`,
    indexer: `127.0.0.1:${indexer}`,
    scheduler: `127.0.0.1:${scheduler}`,
  };
  const prometheus = await startPrometheus(
    data.path,
    Object.entries(targets).map(([service, host]) => ({ service, host })),
    join(repository, "infra/prometheus/rules.yml"),
  );
  try {
    await load(pipeline);
    const unanswered = new Set(panelQueries());
    const all = unanswered.size;
    const deadline = Date.now() + LIMIT_MS;
    while (unanswered.size > 0 && Date.now() < deadline) {
      await load(pipeline, 2000);
      for (const query of unanswered) if (await prometheus.answers(query)) unanswered.delete(query);
    }
    for (const query of unanswered) console.log(`  no data: ${query}`);
    console.log(
      `  ${all - unanswered.size} of ${all} queries of ${boards().length} dashboards answer with data`,
    );
    return unanswered.size === 0;
  } finally {
    await prometheus.stop();
    await pipeline.end("SIGTERM");
    await data.remove();
  }
}

const folder = join(repository, "infra/grafana/dashboards");
const boards = () => readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));

function panelQueries(): string[] {
  const expressions = boards().flatMap((text) => [...text.matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)]);
  return expressions.map((match) => (JSON.parse(match[1]!) as string).replaceAll("$__rate_interval", "30s"));
}

async function load(pipeline: { collector: string; webapp: string }, ms = LOAD_MS): Promise<void> {
  const until = Date.now() + ms;
  while (Date.now() < until) {
    const answer = await postForm(pipeline.collector, demoAnnotations(), {
      upload_file_minidump: demoDump(),
    });
    const id = /CrashID=bp-(\S+)/.exec(answer.text)?.[1];
    if (id === undefined) throw new Error(`the collector answers ${answer.text}`);
    await processedCrash(pipeline.webapp, id);
    await (await fetch(`${pipeline.webapp}/api/SuperSearch/?product=Teapot`)).text();
    // Asks for a crash that is not processed yet: it is queued with priority.
    await (await fetch(`${pipeline.webapp}/report/index/${id}`)).text();
  }
}
