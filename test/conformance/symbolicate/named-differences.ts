import type { EliotCase } from "./eliot-cases.ts";
import type { RawAnswer } from "./raw-request.ts";

/** A case that differs, and in what. */
interface Difference {
  readonly one: EliotCase;
  readonly answer: RawAnswer;
  readonly differs: readonly string[];
}

/** Moods in which a symbol server makes its askers wait for the file, or breaks the connection. */
const SLOW = ["slow", "drip"];
const BREAKING = ["trunc", "s302loop"];

/** Answers that are meant to be others than Eliot's, and why. Each looks at the kind of case, never at which it is. */
const REASONS: readonly { readonly reason: string; readonly holds: (difference: Difference) => boolean }[] = [
  {
    reason: "where Eliot crashes, the request is refused with what is wrong with it",
    holds: ({ one, answer }) =>
      one.expected.status === 500 && answer.status === 400 && /"title":"[^"]+"/.test(answer.body.toString()),
  },
  {
    reason:
      "where the connection to a symbol server breaks and Eliot crashes, the module counts as not found",
    holds: ({ one, answer }) =>
      one.expected.status === 500 &&
      answer.status === 200 &&
      one.symbol_servers.some((mood) => BREAKING.includes(mood)),
  },
  {
    reason: "a symbol server that is slow is waited for",
    holds: (difference) => {
      const { one } = difference;
      return one.symbol_servers.some((mood) => SLOW.includes(mood)) && knowsMore(difference);
    },
  },
  {
    reason: "a symbol file that is broken or cut tells what can be read of it",
    holds: (difference) => {
      const { one } = difference;
      return !one.symbol_servers.some((mood) => SLOW.includes(mood)) && knowsMore(difference);
    },
  },
  {
    reason:
      "a module has the name that its CODE_ID record tells, blanks and all, and never a generator's version",
    holds: ({ differs }) => differs.every((field) => /^results\.\d+\.stacks\.\d+\.\d+\.module$/.test(field)),
  },
  {
    reason: "a body that comes in chunks is read",
    holds: ({ one, answer }) =>
      answer.status === 200 &&
      one.expected.status === 400 &&
      Object.values(one.request.headers).includes("chunked"),
  },
  {
    reason: "health tells what was checked, and the version which one runs",
    holds: ({ one, differs }) =>
      /^\/(__(heartbeat|lbheartbeat|version)__)?$/.test(one.request.path) &&
      differs.every((field) => ["body", "content-type"].includes(field)),
  },
];

/** Why an answer that differs is meant to; empty where it is not. */
export function reasonsFor(difference: Difference): string[] {
  return REASONS.filter(({ holds }) => holds(difference)).map(({ reason }) => reason);
}

/** An answer of version 5 or 4, as far as it is looked at here. */
interface Symbolicated {
  readonly results?: readonly {
    readonly stacks: readonly (readonly { readonly module: string }[])[];
    readonly found_modules: Readonly<Record<string, boolean | null>>;
  }[];
  readonly symbolicatedStacks?: readonly (readonly string[])[];
  readonly knownModules?: readonly (boolean | null)[];
}

/** Whether all that differs comes from modules whose symbols Eliot did not find and we did. */
function knowsMore({ one, answer, differs }: Difference): boolean {
  if (answer.status !== 200 || one.expected.status !== 200 || one.expected.json === undefined) return false;
  const theirs = one.expected.json as Symbolicated;
  const more = foundBesides(theirs, JSON.parse(answer.body.toString()), one);
  return more.size > 0 && differs.every((field) => isAbout(field, theirs, more));
}

/** The names of debug files that were not found there and are found here. */
function foundBesides(theirs: Symbolicated, ours: Symbolicated, { request }: EliotCase): Set<string> {
  const more = new Set<string>();
  for (const [index, { found_modules }] of (theirs.results ?? []).entries()) {
    for (const [name, isFound] of Object.entries(found_modules)) {
      const isFoundHere = ours.results?.[index]?.found_modules[name] === true;
      if (isFound === false && isFoundHere) more.add(name.slice(0, name.lastIndexOf("/")));
    }
  }
  for (const [index, isFound] of (theirs.knownModules ?? []).entries()) {
    const isFoundHere = ours.knownModules?.[index] === true;
    if (isFound === false && isFoundHere) more.add(JSON.parse(request.body ?? "").memoryMap[index][0]);
  }
  return more;
}

/** Whether a place of the answer tells of one of these modules. */
function isAbout(field: string, theirs: Symbolicated, modules: ReadonlySet<string>): boolean {
  const [part = "", index = "", inside = "", stack = "", frame = ""] = field.split(".");
  const names = [...modules];
  if (part === "debug" || part === "knownModules") return true;
  if (part === "symbolicatedStacks") {
    const text = theirs.symbolicatedStacks?.[Number(index)]?.[Number(inside)] ?? "";
    return names.some((name) => text.endsWith(`(in ${name})`));
  }
  if (inside === "found_modules") return names.some((name) => field.includes(`.found_modules.${name}/`));
  return modules.has(theirs.results?.[Number(index)]?.stacks[Number(stack)]?.[Number(frame)]?.module ?? "");
}
