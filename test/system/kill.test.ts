import { afterAll, describe, expect, it } from "vitest";
import {
  crashIdIn,
  dataFolder,
  eventually,
  type Pipeline,
  processedCrash,
  startPipeline,
} from "./pipeline.ts";
import { demoAnnotations, demoDump, demoSymbols, postForm } from "./submit.ts";

const submit = async ({ collector }: Pipeline) => {
  const { text } = await postForm(collector, demoAnnotations(), { upload_file_minidump: demoDump() });
  return crashIdIn(text);
};

const killed = process.platform === "linux" ? it : it.skip;

describe("kill -9", async () => {
  const data = await dataFolder();
  const running: Pipeline[] = [];
  afterAll(async () => {
    for (const pipeline of running) await pipeline.end("SIGTERM");
    await data.remove();
  });

  async function start(): Promise<Pipeline> {
    const pipeline = await startPipeline(data.path, { SYMBOL_SOURCES: demoSymbols });
    running.push(pipeline);
    return pipeline;
  }

  killed(
    "of all processes right after the answer loses no crash (needs /proc)",
    async () => {
      const first = await start();
      const ids = [await submit(first), await submit(first), await submit(first)];
      const redis = first.redisPid();
      const ended = first.end("SIGKILL");
      process.kill(redis, "SIGKILL");
      await ended;
      const second = await start();
      for (const id of ids) {
        expect(await processedCrash(second.webapp, id)).toMatchObject({ success: true, product: "Teapot" });
      }
      await eventually("all are indexed", async () => {
        const found: any = await (await fetch(`${second.webapp}/api/SuperSearch/?product=Teapot`)).json();
        return found.total === ids.length ? true : undefined;
      });
    },
    120_000,
  );

  killed(
    "of the pipeline alone leaves a redis-server that the next start takes the place of (needs /proc)",
    async () => {
      const pipeline = running.at(-1)!;
      const id = await submit(pipeline);
      await pipeline.end("SIGKILL");
      const next = await start();
      expect(await processedCrash(next.webapp, id)).toMatchObject({ success: true });
    },
    120_000,
  );

  killed(
    "is followed at once by the next start, again and again (needs /proc)",
    async () => {
      const ids: string[] = [];
      for (let round = 0; round < 3; round++) {
        const pipeline = running.at(-1)!;
        ids.push(await submit(pipeline));
        // Nobody waits for the end: the next one finds a process that is dying.
        const ended = pipeline.end("SIGKILL");
        await start();
        await ended;
      }
      for (const id of ids) {
        expect(await processedCrash(running.at(-1)!.webapp, id)).toMatchObject({ success: true });
      }
    },
    120_000,
  );

  killed(
    "of redis-server alone brings a new one and work goes on (needs /proc)",
    async () => {
      const pipeline = running.at(-1)!;
      const redis = pipeline.redisPid();
      process.kill(redis, "SIGKILL");
      // While Redis is away the collector takes reports all the same.
      const during = await submit(pipeline);
      await eventually("a new redis-server", async () => {
        try {
          return pipeline.redisPid() === redis ? undefined : true;
        } catch {
          return undefined;
        }
      });
      const after = await eventually("a healthy collector", async () =>
        (await fetch(`${pipeline.collector}/__heartbeat__`)).ok ? submit(pipeline) : undefined,
      );
      expect(await processedCrash(pipeline.webapp, after)).toMatchObject({ success: true });
      // This one may have missed the queue; the sweep brings it, at the latest when the pipeline starts again.
      await pipeline.end("SIGTERM");
      const next = await start();
      expect(await processedCrash(next.webapp, during)).toMatchObject({ success: true });
    },
    120_000,
  );
});
