import {
  DOUBLE,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  VARCHAR,
} from "@duckdb/node-api";
import { standardWords } from "../analysis.ts";
import { badParameter } from "../bad-parameter.ts";
import { type FieldElement, isString, knownField, type SearchField } from "../fields.ts";
import type { Condition, Filter } from "../query-plan.ts";
import { TooComplexError } from "../regexp/matcher.ts";
import { toRe2Search } from "../regexp/re2.ts";
import { matcherOf } from "../regexp/regexp.ts";
import { type Expression, parseExpression } from "../regexp/syntax.ts";
import { parseWildcard } from "../wildcard.ts";
import { timestampOf } from "./append.ts";
import { columnOf, VERSION } from "./schema.ts";
import { elementsOf, type Source } from "./source.ts";
import { stackRows, stackTerms, termOf } from "./stacks.ts";

/** The values of a statement, which names them `$1`, `$2`… Every value of a plan is bound, none becomes part of the statement. */
export class Values {
  readonly values: DuckDBValue[] = [];
  readonly types: DuckDBType[] = [];

  /** Notes a value and gives the name it has in the statement. */
  bind(value: DuckDBValue): string {
    return `$${this.values.push(value)}`;
  }

  bindDouble(value: number): string {
    const name = this.bind(value);
    // A whole number would be bound as an integer, however large.
    this.types[this.values.length - 1] = DOUBLE;
    return name;
  }

  bindStrings(strings: readonly string[]): string {
    const name = this.bind(listValue([...strings]));
    this.types[this.values.length - 1] = LIST(VARCHAR);
    return name;
  }
}

/**
 * What a row must fulfil to be found, as SQL; NULL where it is not. A `coalesce` around each condition would keep DuckDB
 * from passing over what the bounds of a column rule out.
 */
export async function whereOf(
  filter: Filter,
  source: Source,
  connection: DuckDBConnection,
  values: Values,
): Promise<string> {
  switch (filter.op) {
    case "all":
    case "any": {
      const parts: string[] = [];
      for (const of of filter.of) parts.push(await whereOf(of, source, connection, values));
      if (parts.length === 0) return filter.op === "all" ? "true" : "false";
      return `(${parts.join(filter.op === "all" ? " AND " : " OR ")})`;
    }
    case "not":
      return `NOT coalesce(${await whereOf(filter.of, source, connection, values)}, false)`;
    default:
      return conditionSql(filter, source, connection, values);
  }
}

/** So many values are held against the bounds of a column's pieces; more are joined. */
const FEW = 64;

async function conditionSql(
  condition: Condition,
  source: Source,
  connection: DuckDBConnection,
  values: Values,
): Promise<string> {
  const field = knownField(condition.field);
  if (field.isOfStacks) return stackSql(condition, field, source, connection, values);
  const column = columnOf(field.name);
  const elements = elementsOf(field, source);
  const someElement = (test: (element: string) => string): string =>
    elements === undefined ? test(column) : `len(list_filter(${elements}, lambda x: ${test("x")})) > 0`;
  switch (condition.op) {
    case "missing":
      return `${column} IS NULL`;
    case "equals": {
      const value = bindValue(field, condition.value, values);
      return someElement((element) => `${element} = ${value}`);
    }
    case "like": {
      const test = wildcardTest(condition.pattern, values);
      return someElement(test);
    }
    case "matches": {
      const pattern = toRe2Search(parseExpression(condition.expression));
      if (pattern !== undefined) {
        const bound = values.bind(pattern);
        return someElement((element) => `regexp_matches(${element}, ${bound})`);
      }
      const texts = await valuesThat(field, source, connection, undefined, () => true);
      const found = thatMatch(field, condition.expression, texts);
      const bound = values.bindStrings(found);
      return someElement((element) => `list_contains(${bound}, ${element})`);
    }
    case "words": {
      if (condition.words.length === 0) return "false";
      if (field.mapping === "semicolons") {
        const bound = values.bindStrings(condition.words);
        return `list_has_any(${elements}, ${bound})`;
      }
      const wanted = new Set(condition.words);
      const found = await valuesThat(field, source, connection, condition.words, (value) =>
        standardWords(value).some((word) => wanted.has(word)),
      );
      if (elements === undefined && found.length > 0 && found.length <= FEW)
        return `${column} IN (${found.map((value) => values.bind(value)).join(", ")})`;
      const bound = values.bindStrings(found);
      if (elements === undefined) return `${column} IN (SELECT unnest(${bound}))`;
      return `list_has_any(${elements}, ${bound})`;
    }
    default: {
      const value = bindValue(field, condition.value, values);
      return someElement((element) => `${element} ${condition.op} ${value}`);
    }
  }
}

/** A condition on what stands on stacks. */
async function stackSql(
  condition: Condition,
  field: SearchField,
  source: Source,
  connection: DuckDBConnection,
  values: Values,
): Promise<string> {
  if (condition.op === "missing")
    return `${VERSION} NOT IN (SELECT ${VERSION} FROM (${stackRows(source.weeks, field)}))`;
  const rows = await stackRowsThat(condition, source.weeks, connection, values);
  return `${VERSION} IN (SELECT ${VERSION} FROM (${rows}))`;
}

/** A statement that selects, of the stacks of some weeks, the rows of the terms that fulfil a condition: week and version. */
export async function stackRowsThat(
  condition: Condition,
  weeks: readonly string[],
  connection: DuckDBConnection,
  values: Values,
): Promise<string> {
  const field = knownField(condition.field);
  const terms = stackTerms(weeks, field);
  const rowsOf = (test: string): string =>
    `SELECT week, ${VERSION} FROM (${stackRows(weeks, field)}) WHERE ${test}`;
  const ofTerms = (test: string): string => rowsOf(`term IN (SELECT term FROM (${terms}) WHERE ${test})`);
  switch (condition.op) {
    case "equals":
      return rowsOf(`term = ${termOf(values.bind(condition.value))}`);
    case "like":
      return ofTerms(wildcardTest(condition.pattern, values)("text"));
    case "matches": {
      const pattern = toRe2Search(parseExpression(condition.expression));
      if (pattern !== undefined) return ofTerms(`regexp_matches(text, ${values.bind(pattern)})`);
      const answer = await connection.runAndReadAll(`SELECT text FROM (${terms})`);
      const texts = answer.getRows().map(([text]) => String(text));
      return ofTerms(
        `text IN (SELECT unnest(${values.bindStrings(thatMatch(field, condition.expression, texts))}))`,
      );
    }
    default:
      throw new TypeError(`${field.name} has no ${condition.op}`);
  }
}

/** The texts that a regular expression matches. */
function thatMatch({ name }: SearchField, expression: string, texts: readonly string[]): string[] {
  try {
    return texts.filter(matcherOf(expression));
  } catch (error) {
    if (!(error instanceof TooComplexError)) throw error;
    throw badParameter(name, "the regular expression is too complex");
  }
}

/**
 * The distinct elements of a string field that fulfil a test which only JavaScript can make: there are far fewer of them
 * than rows.
 * @param words parts of which one at least is in each, in small letters
 */
async function valuesThat(
  field: SearchField,
  source: Source,
  connection: DuckDBConnection,
  words: readonly string[] | undefined,
  test: (value: string) => boolean,
): Promise<string[]> {
  const values = new Values();
  const elements = elementsOf(field, source);
  const element = elements === undefined ? columnOf(field.name) : `unnest(${elements})`;
  const contains = words?.map((word) => `contains(lower(v), ${values.bind(word)})`).join(" OR ") ?? "true";
  const answer = await connection.runAndReadAll(
    `SELECT v FROM (SELECT DISTINCT ${element} AS v FROM (${source.select([field.name])})) WHERE ${contains}`,
    values.values,
  );
  return answer
    .getRows()
    .map(([value]) => String(value))
    .filter(test);
}

function wildcardTest(pattern: string, values: Values): (element: string) => string {
  const parts = parseWildcard(pattern);
  const [first, second, third] = parts;
  const textOf = (part: (typeof parts)[number] | undefined): string | undefined =>
    typeof part === "object" ? part.text : undefined;
  const bind = (text: string): string => values.bind(text);
  if (parts.length === 0) return (element) => `${element} = ''`;
  if (parts.length === 1 && first === "any") return (element) => `${element} IS NOT NULL`;
  if (parts.length === 2 && second === "any" && textOf(first) !== undefined) {
    const text = bind(textOf(first)!);
    return (element) => `starts_with(${element}, ${text})`;
  }
  if (parts.length === 2 && first === "any" && textOf(second) !== undefined) {
    const text = bind(textOf(second)!);
    return (element) => `ends_with(${element}, ${text})`;
  }
  if (parts.length === 3 && first === "any" && third === "any" && textOf(second) !== undefined) {
    const text = bind(textOf(second)!);
    return (element) => `contains(${element}, ${text})`;
  }
  // LIKE tries every way to share a text among several `%`: some patterns would never end. RE2 takes one look.
  const expression = bind(toRe2Search({ kind: "sequence", of: parts.map(expressionOf) })!);
  return (element) => `regexp_matches(${element}, ${expression})`;
}

const LAST_CODE_POINT = 0x10ffff;
const anyCharacter: Expression = { kind: "set", ranges: [[0, LAST_CODE_POINT]] };

/** A part of a pattern as a regular expression. */
function expressionOf(part: ReturnType<typeof parseWildcard>[number]): Expression {
  if (part === "one") return anyCharacter;
  if (part === "any") return { kind: "repeat", of: anyCharacter, least: 0, most: Number.POSITIVE_INFINITY };
  const codes = Array.from(part.text, (character) => character.codePointAt(0)!);
  return { kind: "sequence", of: codes.map((code) => ({ kind: "set", ranges: [[code, code]] })) };
}

/** Bound as it is, a whole number would be a DOUBLE or a HUGEINT, and every row's number made one to compare. */
function bindValue(field: SearchField, value: FieldElement, values: Values): string {
  if (field.mapping === "date") return values.bind(timestampOf(value));
  if (isString(field) || field.mapping === "boolean") return values.bind(value);
  if (field.mapping === "double") return values.bindDouble(Number(value));
  return `${values.bind(BigInt(value))}::BIGINT`;
}
