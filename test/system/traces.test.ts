import { afterAll, beforeAll, expect, it } from "vitest";
import { startOtlpReceiver } from "./otlp-receiver.ts";
import { dataFolder, eventually, type Pipeline, startPipeline } from "./pipeline.ts";
import { demoAnnotations, demoDump, demoSymbols, postForm } from "./submit.ts";

const receiver = await startOtlpReceiver();
const data = await dataFolder();
let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await startPipeline(data.path, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    SYMBOL_SOURCES: demoSymbols,
  });
}, 60_000);
afterAll(async () => {
  await pipeline.end("SIGTERM");
  await Promise.all([receiver.close(), data.remove()]);
});

it("tells the way of a crash as one trace, from the collector through the queue to the index", async () => {
  const { text } = await postForm(pipeline.collector, demoAnnotations(), {
    upload_file_minidump: demoDump(),
  });
  const crashId = /^CrashID=bp-(\S+)/.exec(text)?.[1] ?? "";
  const ofCrash = () => receiver.spans.filter(({ traceId }) => traceId === crashId.replaceAll("-", ""));
  await eventually("the last service tells its span", async () =>
    ofCrash().find(({ name }) => name === "index"),
  );
  await eventually("all have told theirs", async () => (ofCrash().length >= 4 ? true : undefined));
  const spans = ofCrash().map(({ service, name }) => `${service}: ${name}`);
  expect(new Set(spans)).toEqual(
    new Set(["collector: receive", "collector: move", "processor: process", "indexer: index"]),
  );
  const root = ofCrash().find(({ name }) => name === "receive");
  expect(root?.parentId).toBe("");
  for (const { name, parentId } of ofCrash()) if (name !== "receive") expect(parentId).toBe(root?.spanId);
}, 90_000);
