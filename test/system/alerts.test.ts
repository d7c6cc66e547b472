import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = fileURLToPath(new URL("../../", import.meta.url));
const rules = parse(readFileSync(join(root, "infra/prometheus/rules.yml"), "utf8")) as {
  groups: {
    rules: { alert?: string; record?: string; expr: string; annotations?: { runbook?: string } }[];
  }[];
};
const all = rules.groups.flatMap((group) => group.rules);
const alerts = all.flatMap(({ alert }) => alert ?? []);
const metrics = readFileSync(join(root, "docs/metrics.md"), "utf8");
const known = new Set([
  ...[...metrics.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]),
  ...all.flatMap(({ record }) => record ?? []),
  "up",
]);

/** The metrics that a query asks for. */
function asked(query: string): string[] {
  const bare = query.replaceAll(/"[^"]*"|\{[^}]*\}|\[[^\]]*\]|by \([^)]*\)/g, " ");
  const words = [...bare.matchAll(/[a-z_:][\w:]*/gi)].map(([word]) => word);
  const functions = /^(sum|rate|max|min|by|increase|absent|histogram_quantile|topk)$/;
  return words
    .filter((word) => !functions.test(word) && !/^e\d+$/.test(word))
    .map((word) => word.replace(/_(bucket|sum|count)$/, ""));
}

const promtool = (...args: string[]) => spawnSync("promtool", args, { cwd: root, encoding: "utf8" });
const hasPromtool = promtool("--version").status === 0;

describe("alerts", () => {
  it("ask for metrics that there are, and so do dashboards", () => {
    const folder = join(root, "infra/grafana/dashboards");
    const queries = readdirSync(folder).flatMap((name) =>
      [...readFileSync(join(folder, name), "utf8").matchAll(/"expr": "((?:[^"\\]|\\.)*)"/g)].map(
        (match) => JSON.parse(`"${match[1]}"`) as string,
      ),
    );
    expect(queries.length).toBeGreaterThan(30);
    for (const query of [...queries, ...all.map(({ expr }) => expr)])
      expect(
        asked(query).filter((name) => !known.has(name)),
        query,
      ).toEqual([]);
  });

  it("have a runbook each, and each runbook an alert", () => {
    const pages = readdirSync(join(root, "docs/runbooks")).filter((name) => name !== "README.md");
    expect(pages.toSorted()).toEqual(alerts.map((name) => `${name}.md`).toSorted());
    for (const { alert, annotations } of all)
      if (alert !== undefined) expect(annotations?.runbook).toBe(`docs/runbooks/${alert}.md`);
  });

  it.skipIf(!hasPromtool)("fire by their faults and are silent when all is well (needs promtool)", () => {
    for (const args of [
      ["check", "config", "infra/prometheus/prometheus.yml"],
      ["test", "rules", "infra/prometheus/rules.test.yml"],
    ]) {
      const { status, stdout, stderr } = promtool(...args);
      expect(`${status} ${stdout}${stderr}`).toMatch(/^0 /);
    }
    const tested = readFileSync(join(root, "infra/prometheus/rules.test.yml"), "utf8");
    expect(alerts.filter((name) => !tested.includes(`${name} fires`))).toEqual([]);
  });
});
