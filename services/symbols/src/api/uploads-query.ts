import type { Upload } from "../uploads/uploads.ts";

/** What is wrong with a query, by field, in Tecken's words. */
export class QueryProblem extends Error {
  override readonly name = "QueryProblem";
  readonly errors: Readonly<Record<string, readonly string[]>>;

  constructor(field: string, words: string) {
    super(words);
    this.errors = { [field]: [words] };
  }
}

type Test = (upload: Upload) => boolean;

/** A question for uploads. */
export interface UploadsQuery {
  readonly isFiltered: boolean;
  /** From 1. */
  readonly page: number;
  readonly sort: "created_at" | "size";
  readonly reverse: boolean;
  matches(upload: Upload): boolean;
}

const UNITS: Readonly<Record<string, number>> = { "": 1, b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };
const DAY_MS = 24 * 3600 * 1000;

/** Reads the filters of `/api/uploads/`. @throws {QueryProblem} */
export function readUploadsQuery(query: URLSearchParams, now: number): UploadsQuery {
  const sort = query.get("sort") ?? "created_at";
  if (sort !== "created_at" && sort !== "size") throw new QueryProblem("sort", `Invalid sort '${sort}'`);
  const tests = [
    ...textsOf(query, "size").map(sizeTest),
    ...textsOf(query, "created_at").map((text) => dateTest("created_at", text, now, (one) => one.createdAt)),
    ...textsOf(query, "completed_at").map((text) =>
      dateTest("completed_at", text, now, (one) => one.completedAt),
    ),
    ...(query.get("user") ? [userTest(query.get("user") as string)] : []),
  ];
  return {
    isFiltered: tests.length > 0,
    page: pageOf(query.get("page") ?? "1"),
    sort,
    reverse: !/^(?:false|0|no)$/i.test(query.get("reverse") ?? "true"),
    matches: (upload) => tests.every((test) => test(upload)),
  };
}

function textsOf(query: URLSearchParams, field: string): string[] {
  return (query.get(field) ?? "")
    .split(",")
    .map((text) => text.trim())
    .filter((text) => text !== "");
}

export function pageOf(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new QueryProblem("page", `Not a number '${text}'`);
  return Math.max(1, Number(text));
}

function userTest(text: string): Test {
  const isNot = text.startsWith("!");
  const wanted = text.replace(/^!\s*/, "").toLowerCase();
  return ({ user }) => user.toLowerCase().includes(wanted) !== isNot;
}

function sizeTest(text: string): Test {
  const [, operator = "", number = "", unit = ""] =
    /^(<=|>=|<|>|=)?\s*(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  if (number === "" || factor === undefined) throw new QueryProblem("size", `'${text}' is not a valid size`);
  return ({ size }) => compares(size, operator, Number(number) * factor);
}

function dateTest(field: string, text: string, now: number, timeOf: (upload: Upload) => string | null): Test {
  const [, operator = "", day = ""] = /^(<=|>=|<|>|=)?\s*(.*)$/.exec(text) ?? [];
  if (/^(?:null|incomplete)$/i.test(day)) return (upload) => timeOf(upload) === null;
  const start = startOf(day.toLowerCase(), now);
  if (Number.isNaN(start)) throw new QueryProblem(field, `'${text}' is not a valid date`);
  return (upload) => {
    const time = Date.parse(timeOf(upload) ?? "");
    if (operator === "" || operator === "=") return time >= start && time < start + DAY_MS;
    return compares(time, operator, start);
  };
}

function startOf(day: string, now: number): number {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  if (day === "today") return today;
  return day === "yesterday" ? today - DAY_MS : Date.parse(day);
}

function compares(a: number, operator: string, b: number): boolean {
  switch (operator) {
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    default:
      return a === b;
  }
}
