import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../packages/storage/src/test-support/servers.ts";
import { endWithUs } from "../end-with-us.ts";
import { eventually } from "../system/pipeline.ts";

export interface Prometheus {
  /** Whether a query has data. */
  answers(query: string): Promise<boolean>;
  /** Names of the alerts that fire. */
  firing(): Promise<ReadonlySet<string>>;
  stop(): Promise<void>;
}

/** Whether there is a Prometheus; a line says so where there is none. */
export function hasPrometheus(): boolean {
  const isThere = spawnSync("prometheus", ["--version"]).status === 0;
  if (!isThere) console.log("  not there: prometheus (Debian's package); nothing is tried");
  return isThere;
}

/**
 * A Prometheus that scrapes and judges every second.
 * @param folder where it keeps what it has
 * @param targets hosts and ports by service
 * @param rules file of rules
 */
export async function startPrometheus(
  folder: string,
  targets: readonly { readonly service: string; readonly host: string }[],
  rules: string,
): Promise<Prometheus> {
  const port = await freePort();
  const file = join(folder, "prometheus.yml");
  const jobs = targets.map(({ service, host }) => ({ targets: [host], labels: { service } }));
  const config = {
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: [rules],
    scrape_configs: [{ job_name: "mayday", static_configs: jobs }],
  };
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config));
  const address = `127.0.0.1:${port}`;
  const args = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, "prometheus")}`,
    `--web.listen-address=${address}`,
  ];
  const child = endWithUs(spawn("prometheus", args, { stdio: "ignore" }));
  await eventually("Prometheus is ready", async () => {
    const answer = await fetch(`http://${address}/-/ready`).catch(() => undefined);
    return answer?.ok ? true : undefined;
  });
  return {
    async answers(query) {
      const answer = await fetch(`http://${address}/api/v1/query?${new URLSearchParams({ query })}`);
      const { status, data } = (await answer.json()) as {
        status: string;
        data?: { result: { value: [number, string] }[] };
      };
      if (status !== "success") throw new Error(`Prometheus does not take ${query}`);
      return data!.result.some(({ value }) => value[1] !== "NaN");
    },
    async firing() {
      const answer = await fetch(`http://${address}/api/v1/alerts`);
      const { data } = (await answer.json()) as {
        data: { alerts: { state: string; labels: { alertname: string } }[] };
      };
      const firing = data.alerts.filter(({ state }) => state === "firing");
      return new Set(firing.map(({ labels }) => labels.alertname));
    },
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}
