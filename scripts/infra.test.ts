import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { collectorSettings } from "@mayday/collector";
import { readSettings, type SettingsDeclaration } from "@mayday/config";
import { indexerSettings } from "@mayday/indexer";
import { processorSettings } from "@mayday/processor";
import { schedulerSettings } from "@mayday/scheduler";
import { symbolsSettings } from "@mayday/symbols-service";
import { webappSettings } from "@mayday/webapp";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const declarations: Readonly<Record<string, SettingsDeclaration>> = {
  collector: collectorSettings,
  processor: processorSettings,
  symbols: symbolsSettings,
  indexer: indexerSettings,
  webapp: webappSettings,
  scheduler: schedulerSettings,
};
const names = Object.keys(declarations);

const has = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;
const environment = {
  PATH: process.env["PATH"],
  S3_SECRET_KEY: "a",
  POSTGRES_PASSWORD: "b",
  GRAFANA_PASSWORD: "c",
};

/** A service's port, as its settings read it. */
const portOf = (name: string, values: Record<string, string>): unknown =>
  (readSettings(declarations[name]!, values) as Record<string, unknown>)[`${name.toUpperCase()}_PORT`];

describe("docker-compose.yml", () => {
  it.skipIf(!has("docker-compose", "--version"))("is valid (needs docker-compose)", () => {
    const { status, stderr } = spawnSync("docker-compose", ["config", "-q"], {
      env: environment,
      encoding: "utf8",
    });
    expect(`${status} ${stderr}`).toMatch(/^0 /);
  });

  it("tells each service only settings that it has, and Prometheus where it listens", () => {
    const { services } = parse(readFileSync("docker-compose.yml", "utf8"), { merge: true }) as {
      services: Record<
        string,
        { command: string[]; environment: Record<string, string>; read_only: boolean }
      >;
    };
    const scraped = readFileSync("infra/prometheus/prometheus.yml", "utf8");
    for (const name of names) {
      const { command, environment: values, read_only } = services[name]!;
      expect([command, read_only]).toEqual([[name], true]);
      expect(scraped).toContain(`[${name}:${portOf(name, values)}]`);
    }
  });
});

describe.skipIf(!has("kubectl", "version", "--client"))("the Kubernetes manifests (need kubectl)", () => {
  it.each(["small", "large"])(
    "of the overlay %s are built, and their settings are the services'",
    (overlay) => {
      const { stdout, stderr } = spawnSync("kubectl", ["kustomize", `infra/k8s/overlays/${overlay}`], {
        encoding: "utf8",
      });
      expect(stderr).toBe("");
      const documents = stdout.split("\n---\n").map((text) => parse(text));
      const config = documents.find(({ kind }) => kind === "ConfigMap").data as Record<string, string>;
      const pods = documents.filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
      expect(pods.map(({ metadata }) => metadata.name).toSorted()).toEqual(names.toSorted());
      for (const { metadata, spec } of pods) {
        const [container] = spec.template.spec.containers;
        const own = (container.env as { name: string; value: string }[])
          // The files are there in the pod only.
          .filter(({ name }) => !name.endsWith("_FILE"))
          .map(({ name, value }) => [name, value]);
        const shape = declarations[metadata.name]!.shape;
        for (const { name } of container.env as { name: string }[])
          expect(shape, name).toHaveProperty(name.replace(/_FILE$/, ""));
        const port = portOf(metadata.name, { ...config, ...Object.fromEntries(own) });
        expect(port).toBe(container.ports[0].containerPort);
        expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
        expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(15);
      }
    },
  );
});
