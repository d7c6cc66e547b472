import type { DuckDBValue } from "@duckdb/node-api";
import type { Condition, FieldFilter, QueryPlan } from "../query-plan.ts";
import { timestampOf } from "./append.ts";
import { columnOf } from "./schema.ts";

/** A condition of a statement: `sql` names its values `$1`, `$2`… in the order of `values`. */
export interface Where {
  readonly sql: string;
  readonly values: readonly DuckDBValue[];
}

/** What a row must fulfil to be found. Every value of the plan is bound, none becomes part of the statement. */
export function where(plan: QueryPlan): Where {
  const values: DuckDBValue[] = [];
  const bind = (value: DuckDBValue): string => `$${values.push(value)}`;
  const parts = [
    `"date" ${plan.from.inclusive ? ">=" : ">"} ${bind(timestampOf(plan.from.at))}`,
    `"date" ${plan.to.inclusive ? "<=" : "<"} ${bind(timestampOf(plan.to.at))}`,
    ...plan.filters.flatMap((filter) => conditionsOf(filter, bind)),
  ];
  return { sql: parts.join(" AND "), values };
}

type Bind = (value: DuckDBValue) => string;

function conditionsOf({ field, anyOf, allOf, noneOf }: FieldFilter, bind: Bind): string[] {
  const holds = (condition: Condition) => conditionSql(columnOf(field), condition, bind);
  const parts = allOf.map(holds);
  if (anyOf.length > 0) parts.push(`(${anyOf.map(holds).join(" OR ")})`);
  // In SQL `NOT (NULL = 1)` is not true, in the search language a crash without the field passes a negation.
  for (const condition of noneOf) parts.push(`NOT coalesce(${holds(condition)}, false)`);
  return parts;
}

function conditionSql(column: string, condition: Condition, bind: Bind): string {
  switch (condition.op) {
    case "missing":
      return `${column} IS NULL`;
    case "equals":
      return `${column} = ${bindValue(condition.value, bind)}`;
    case "starts-with":
      return `starts_with(${column}, ${bind(condition.value)})`;
    case ">":
    case ">=":
    case "<":
    case "<=":
      return `${column} ${condition.op} ${bindValue(condition.value, bind)}`;
  }
}

/** Bound as it is, a whole number would be a DOUBLE or a HUGEINT, and every row's integer made one to compare. */
const bindValue = (value: string | number, bind: Bind): string =>
  typeof value === "number" ? `${bind(BigInt(value))}::BIGINT` : bind(value);
