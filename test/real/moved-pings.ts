import { randomUUID } from "node:crypto";
import { type Agent, request } from "node:http";
import { join } from "node:path";
import { readQueuedPing } from "./pings.ts";

/** Frames that differ from ping to ping, and by how much at most, bytes. */
const MOVED = 4;
const FARTHEST = 0x40_000;

interface Stack {
  readonly threads: readonly { readonly frames: { ip: string; module_index?: number }[] }[];
}

/** A crash ping: the path to send it to, its body, and the stack in it. */
export interface MovedPing {
  readonly path: string;
  readonly body: Buffer;
  readonly stack: Stack;
}

/**
 * Firefox' recorded ping again and again: with ids of their own, and the innermost frames somewhere else in their
 * modules.
 * @param firefox folder of what was recorded of Firefox
 * @returns makes another one
 */
export function movedPings(firefox: string, random: () => number): () => MovedPing {
  const { path, body } = readQueuedPing(join(firefox, "pings", "08200776-0fff-4c57-ad59-49038829dd82.glean"));
  const parsed = JSON.parse(body);
  const source = JSON.parse(parsed.metrics.object["meta.annotations"].source);
  const stack = JSON.parse(source.StackTraces);
  const folder = path.slice(0, path.lastIndexOf("/"));
  return () => {
    const frames = stack.threads[stack.crash_thread].frames.map(
      (frame: Stack["threads"][0]["frames"][0], index: number) =>
        index === 0 || index > MOVED
          ? frame
          : { ...frame, ip: `0x${(Number(frame.ip) + Math.floor(random() * FARTHEST)).toString(16)}` },
    );
    const moved = { ...stack, threads: [{ ...stack.threads[stack.crash_thread], frames }], crash_thread: 0 };
    const said = { ...source, StackTraces: JSON.stringify(moved) };
    const objects = { ...parsed.metrics.object, "meta.annotations": { source: JSON.stringify(said) } };
    const ping = { ...parsed, metrics: { ...parsed.metrics, object: objects } };
    return { path: `${folder}/${randomUUID()}`, body: Buffer.from(JSON.stringify(ping)), stack: moved };
  };
}

/** Sends a ping; rejects when it is not accepted. */
export function postPing(agent: Agent, collector: string, { path, body }: MovedPing): Promise<void> {
  return new Promise((done, failed) => {
    const headers = { "content-type": "application/json", "content-length": body.length };
    const outgoing = request(`${collector}${path}`, { method: "POST", agent, headers }, (response) => {
      response.resume();
      response.on("end", () =>
        response.statusCode === 200
          ? done()
          : failed(new Error(`the collector answers ${response.statusCode}`)),
      );
    });
    outgoing.on("error", failed);
    outgoing.end(body);
  });
}
