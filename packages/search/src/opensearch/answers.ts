import type { Facets, FacetTerm, Hit } from "../engine.ts";
import { type FieldName, type FieldValue, knownField } from "../fields.ts";
import { type Aggregation, nameOf, type QueryPlan } from "../query-plan.ts";
import type { Json } from "./client.ts";
import { WEIGHT } from "./mapping.ts";

interface Bucket extends Json {
  readonly key: string | number | bigint;
  readonly key_as_string?: string;
  readonly doc_count: number;
}

/** A stored document as a hit. */
export function hitOf(source: Json, columns: readonly FieldName[]): Hit {
  return Object.fromEntries(columns.map((name) => [name, valueOfField(name, source[name])]));
}

function valueOfField(name: FieldName, value: unknown): FieldValue | null {
  if (value === undefined || value === null) return null;
  return knownField(name).mapping === "date" ? String(value).replace(".000000", "") : (value as FieldValue);
}

/**
 * OpenSearch's answers to aggregations.
 * @param passed how many terms of each are passed over: it has no word for that
 */
export function facetsOf(
  answers: Json,
  aggregations: readonly Aggregation[],
  plan: QueryPlan,
  passed = 0,
): Facets {
  return Object.fromEntries(
    aggregations.map((one) => {
      const name = nameOf(one);
      const answer = (answers[name] ?? {}) as Json;
      if (one.kind === "cardinality") return [name, { value: Number(answer["value"] ?? 0) }];
      const buckets = (answer["buckets"] ?? []) as Bucket[];
      const shown = one.kind === "terms" ? buckets.slice(passed) : buckets;
      return [name, shown.map((bucket) => termOf(bucket, one, plan))];
    }),
  );
}

function termOf(
  bucket: Bucket,
  aggregation: Exclude<Aggregation, { kind: "cardinality" }>,
  plan: QueryPlan,
): FacetTerm {
  const count = plan.isWeighted ? Number((bucket[WEIGHT] as Json)["value"]) : bucket.doc_count;
  const term = keyOf(bucket, aggregation, plan);
  if (aggregation.within.length === 0) return { term, count };
  return { term, count, facets: facetsOf(bucket, aggregation.within, plan) };
}

function keyOf(
  { key, key_as_string }: Bucket,
  { kind, field }: Aggregation,
  plan: QueryPlan,
): FacetTerm["term"] {
  const { mapping } = knownField(field);
  if (mapping === "boolean") return key_as_string === "true" ? "T" : "F";
  if (mapping !== "date") return key;
  if (kind === "dates" || plan.timeUnit === "millisecond") {
    const time = Number(key);
    return `${new Date(time).toISOString().slice(0, 19)}Z`;
  }
  return String(key).replace(".000000", "");
}
