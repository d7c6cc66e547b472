import type { RawAnswer } from "../symbolicate/raw-request.ts";
import type { TeckenPair } from "./tecken-pairs.ts";

interface Difference {
  readonly pair: TeckenPair;
  readonly answer: RawAnswer;
  readonly differs: readonly string[];
}

const isIn = (fields: readonly string[], known: RegExp) => fields.every((field) => known.test(field));

/** Answers that are meant to be others than Tecken's, and why. */
const REASONS: readonly { readonly reason: string; readonly holds: (difference: Difference) => boolean }[] = [
  {
    reason: "where Tecken crashes, the request is refused with what is wrong with it, or works",
    holds: ({ pair, answer }) =>
      pair.status === 500 && pair.body.includes("Internal Server Error") && answer.status < 500,
  },
  {
    reason: "a file is found by its id in any case, where Tecken redirects to the very address for ever",
    holds: ({ pair, answer }) =>
      /\blower\b|\/[0-9]*[a-f][0-9a-f]*\//.test(`${pair.path} ${pair.body}`) &&
      (pair.rheaders["Location"]?.toLowerCase() === pair.path.toLowerCase() ||
        answer.body.includes('"type":"skip"')),
  },
  {
    reason: "members with a leading slash or .. are refused, where Tecken drops them in silence",
    holds: ({ pair, answer }) =>
      pair.status === 201 && answer.status === 400 && /'(?:\/|\.\.\/)/.test(answer.body.toString()),
  },
  {
    reason: "members that are compressed by bzip2 are refused by name",
    holds: ({ pair, answer }) => pair.status === 201 && answer.body.includes("method 12"),
  },
  {
    reason: "other bytes of the same length are stored, where Tecken loses them",
    holds: ({ pair, differs }) => /other bytes/.test(pair.what) && isIn(differs, /^upload\.skipped_keys/),
  },
  {
    reason: "of several bad names the first one is told, where Tecken tells any",
    holds: ({ pair, differs, answer }) =>
      /several bad names/.test(pair.what) && answer.status === 400 && isIn(differs, /^error$/),
  },
  {
    reason: "files of version 2 and those whose name has blanks are known by their header",
    holds: ({ pair, answer }) =>
      pair.path.startsWith("/api/syminfo/") && pair.status === 404 && answer.status === 200,
  },
  {
    reason: "files tell what is odd about them, and what became of their symcache",
    holds: ({ pair, differs }) =>
      pair.path.startsWith("/api/uploads/") && isIn(differs, /\.(?:problems|symcache|user\.id)$/),
  },
  {
    reason: "symbolication lives at the same address",
    holds: ({ pair }) => pair.path.startsWith("/symbolicate/"),
  },
  {
    reason: "tokens, users, statistics and pages are the webapp's",
    holds: ({ pair }) => /^\/(?:api\/(?:tokens|_auth|stats)\/|help|uploads\/|favicon\.ico)?$/.test(pair.path),
  },
  {
    reason: "health tells what was checked, and the version which one runs",
    holds: ({ pair }) => pair.path.startsWith("/__"),
  },
  {
    reason: "downloads are public under any name of the host",
    holds: ({ pair }) => pair.body.includes("Invalid HTTP_HOST"),
  },
];

/** Why an answer that differs is meant to; empty where it is not. */
export function reasonsFor(difference: Difference): string[] {
  return REASONS.filter(({ holds }) => holds(difference)).map(({ reason }) => reason);
}
