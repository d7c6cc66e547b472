import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../packages/storage/src/test-support/servers.ts";
import { dataFolder, eventually, processedCrash, repository, startPipeline } from "../system/pipeline.ts";
import { demoAnnotations, demoDump, postForm } from "../system/submit.ts";

const LOAD_MS = 15_000;
const LIMIT_MS = 60_000;

/** Runs the pipeline under a short load, lets Prometheus scrape it, and asks every query of every panel: each has data. */
export async function dashboards(): Promise<boolean> {
  if (spawnSync("prometheus", ["--version"]).status !== 0) {
    console.log("  not there: prometheus (Debian's package); nothing is tried");
    return false;
  }
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
  const prometheus = await startPrometheus(data.path, targets);
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

async function startPrometheus(dataDir: string, targets: Readonly<Record<string, string>>) {
  const port = await freePort();
  const file = join(dataDir, "prometheus.yml");
  const jobs = Object.entries(targets).map(([service, host]) => ({ targets: [host], labels: { service } }));
  const config = {
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: [join(repository, "infra/prometheus/rules.yml")],
    scrape_configs: [{ job_name: "mayday", static_configs: jobs }],
  };
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config));
  const address = `127.0.0.1:${port}`;
  const args = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(dataDir, "prometheus")}`,
    `--web.listen-address=${address}`,
  ];
  const child = spawn("prometheus", args, { stdio: "ignore" });
  await eventually("Prometheus is ready", async () => {
    const answer = await fetch(`http://${address}/-/ready`).catch(() => undefined);
    return answer?.ok ? true : undefined;
  });
  return {
    async answers(query: string): Promise<boolean> {
      const answer = await fetch(`http://${address}/api/v1/query?${new URLSearchParams({ query })}`);
      const { status, data } = (await answer.json()) as {
        status: string;
        data?: { result: { value: [number, string] }[] };
      };
      if (status !== "success") throw new Error(`Prometheus does not take ${query}`);
      return data!.result.some(({ value }) => value[1] !== "NaN");
    },
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}
