import { Readable } from "node:stream";
import { MaydayError } from "@mayday/errors";
import {
  type ModuleSymbols,
  moduleName,
  NOT_JSON,
  retryDamaged,
  type SourceLinks,
  type SymbolicatedFrame,
  type SymbolsEntry,
  sourceLocation,
  symbolicateJobs,
  usedModules,
} from "@mayday/symbols";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sendJson } from "../send-json.ts";
import { bodyOf, notAllowed } from "./add-symbolicate.ts";
import { answerOptions } from "./cross-origin.ts";
import { type FinderParts, type ModuleFinder, moduleFinder } from "./module-finder.ts";
import { readJson } from "./read-json.ts";
import { type JobV6, readJobV6 } from "./read-v6.ts";

const URL = "/symbolicate/v6";
const LINES = "application/x-ndjson";

export interface PartsV6 extends FinderParts {
  /** Where sources of servers are looked at that not everybody knows. */
  readonly sourceLinks: SourceLinks;
}

/**
 * Adds `/symbolicate/v6`: any number of jobs, each of which may fail alone. A body of JSON lines has a job a line; who
 * accepts JSON lines is sent each answer when it is ready, in the order of the jobs. A frame and a function inlined into
 * it have a `source_url` where their source can be looked at.
 */
export function addSymbolicateV6(server: FastifyInstance, parts: PartsV6): void {
  server.post(URL, (request, reply) => answer(request, reply, parts));
  server.options(URL, (request, reply) => answerOptions(request, reply, "POST"));
  server.route({
    method: ["GET", "HEAD", "PUT", "PATCH", "DELETE"],
    url: URL,
    handler: (request, reply) => notAllowed(request, reply, "POST, OPTIONS"),
  });
}

async function answer(request: FastifyRequest, reply: FastifyReply, parts: PartsV6): Promise<FastifyReply> {
  const jobs = jobsOf(request);
  const find = findOnce(moduleFinder(parts));
  const answers = answersOf(jobs, find, parts.sourceLinks);
  if ((request.headers.accept ?? "").includes(LINES)) {
    return reply.header("content-type", LINES).send(Readable.from(lines(answers), { objectMode: false }));
  }
  const results: unknown[] = [];
  for await (const one of answers) results.push(one);
  return sendJson(reply, { results });
}

/** A job as it was sent, or why it cannot be read. */
type SentJob = { readonly value: unknown } | { readonly error: MaydayError };

function jobsOf(request: FastifyRequest): readonly SentJob[] {
  if ((request.headers["content-type"] ?? "").startsWith(LINES)) {
    return linesOf(request.body as Buffer).map(readLine);
  }
  const body = bodyOf(request) as { jobs?: unknown } | null;
  const jobs = Array.isArray(body?.jobs) ? body.jobs : [body];
  return jobs.map((value: unknown) => ({ value }));
}

function linesOf(body: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const newline = body.indexOf(0x0a, at);
    const end = newline < 0 ? body.length : newline;
    const line = body.subarray(at, end);
    if (line.some((byte) => byte > 0x20)) lines.push(line);
    at = end + 1;
  }
  return lines;
}

function readLine(line: Buffer): SentJob {
  try {
    return { value: readJson(line) };
  } catch (error) {
    return { error: new MaydayError("SYMBOLICATE_BAD_REQUEST", NOT_JSON, { cause: error }) };
  }
}

async function* answersOf(
  jobs: readonly SentJob[],
  find: FindOnce,
  links: SourceLinks,
): AsyncIterable<unknown> {
  for (const [index, job] of jobs.entries()) {
    try {
      if ("error" in job) throw job.error;
      const read = readJobV6(job.value, index);
      yield await retryDamaged(() => answerJob(read, find, links));
    } catch (error) {
      if (!(error instanceof MaydayError)) throw error;
      yield { error: error.detail ?? error.message };
    }
  }
}

async function* lines(answers: AsyncIterable<unknown>): AsyncIterable<string> {
  for await (const one of answers) yield `${JSON.stringify(one)}\n`;
}

async function answerJob({ job, identities }: JobV6, find: FindOnce, links: SourceLinks): Promise<unknown> {
  const found = new Map<string, SymbolsEntry>();
  for (const [name] of usedModules([job])) {
    const identity = identities.get(name);
    if (identity !== undefined) found.set(name, await find(name, identity));
  }
  const symbols: ModuleSymbols = found;
  const [answered] = symbolicateJobs([job], symbols);
  const stacks = answered?.stacks.map((stack) => stack.map((frame) => withSources(frame, links)));
  return { ...answered, stacks, modules: job.memoryMap.map((module) => moduleFacts(module, symbols)) };
}

function withSources(frame: SymbolicatedFrame, links: SourceLinks): SymbolicatedFrame {
  const sourced = withSource(frame, links);
  if (frame.inlines === undefined) return sourced;
  return { ...sourced, inlines: frame.inlines.map((inline) => withSource(inline, links)) };
}

function withSource<P extends Pick<SymbolicatedFrame, "file" | "line">>(place: P, links: SourceLinks): P {
  const href = place.file === undefined ? undefined : sourceLocation(place.file, place.line, links)?.href;
  return href === undefined ? place : { ...place, source_url: href };
}

/** What is known of a module: why its symbols were not found, and where they came from. */
function moduleFacts(module: readonly [string, string], symbols: ModuleSymbols) {
  const entry = symbols.get(moduleName(module));
  const [name, id] = module;
  if (entry === undefined) return { name, id, found: null };
  const debugInfo = entry.debugInfo && {
    debug_file: entry.debugInfo.debugFile,
    debug_id: entry.debugInfo.debugId,
  };
  if (entry.kind !== "found")
    return { name, id, ...debugInfo, found: false, status: entry.kind, why: entry.why };
  return { name, id, ...debugInfo, found: true, url: entry.url };
}

type FindOnce = (name: string, module: Parameters<ModuleFinder>[0]) => Promise<SymbolsEntry>;

/** Asks for each module of a request once, however many jobs it comes in. */
function findOnce(find: ModuleFinder): FindOnce {
  const asked = new Map<string, Promise<SymbolsEntry>>();
  return (name, module) => {
    const known = asked.get(name) ?? find(module).then(({ entry }) => entry);
    asked.set(name, known);
    return known;
  };
}
