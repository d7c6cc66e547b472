import { parseCrashData, siggenResult } from "@mayday/signature";
import { failed, found } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";

/** More would hold other requests up. */
const MOST_JOBS = 1000;
const BODY_LIMIT = 10 * 1024 * 1024;

/**
 * Makes signatures of crash data: `{"jobs": [crash data, …]}`, JSON whatever the Content-Type says. All or none: a bad
 * value throws CRASH_DATA_INVALID.
 */
export const crashSignature: Endpoint = {
  name: "CrashSignature",
  says: 'Makes signatures of crash data: {"jobs": […]}.',
  method: "POST",
  readsBody: true,
  bodyLimit: BODY_LIMIT,
  async answer({ body }, { makeSignature }) {
    const jobs = jobsIn(body);
    if (jobs === undefined || jobs.length === 0) return failed(400, "no jobs specified");
    if (jobs.length > MOST_JOBS) return failed(400, `at most ${MOST_JOBS} jobs at once`);
    const crashes = jobs.map((job, index) => parseCrashData(job, `jobs[${index}]`));
    return found({ results: crashes.map((crash) => siggenResult(makeSignature(crash))) });
  },
};

/** The list of jobs; undefined when the body has none. */
function jobsIn(body: string): readonly unknown[] | undefined {
  const { jobs } = (parseJson(body) ?? {}) as { jobs?: unknown };
  return Array.isArray(jobs) ? jobs : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
