import { rule } from "../../rule.ts";
import { isRecord } from "../../values/json-records.ts";

/** What happened before the crash, in Sentry's form: a list, or an object with the list as its `values`. */
export const breadcrumbs = rule({
  name: "BreadcrumbsRule",
  annotations: ["Breadcrumbs"],
  writes: ["breadcrumbs"],
  act({ raw, processed, notes }) {
    const { Breadcrumbs: text } = raw;
    if (text === undefined || text === "") return;
    const value = typeof text === "string" ? parsed(text) : text;
    if (value === undefined) {
      notes.push("Breadcrumbs: malformed: not valid json");
      return;
    }
    const list = isRecord(value) && Object.hasOwn(value, "values") ? value["values"] : value;
    const fault = faultOf(list);
    if (fault === undefined) processed.breadcrumbs = list as readonly unknown[];
    else notes.push(`Breadcrumbs: malformed: ${fault}`);
  },
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const TEXTS = ["timestamp", "category", "type", "level", "message"];

function faultOf(list: unknown): string | undefined {
  if (!Array.isArray(list)) return "it is not of type 'array'";
  for (const crumb of list) {
    if (!isRecord(crumb)) return "a breadcrumb is not of type 'object'";
    const text = TEXTS.find((name) => Object.hasOwn(crumb, name) && typeof crumb[name] !== "string");
    if (text !== undefined) return `${text} is not of type 'string'`;
    if (Object.hasOwn(crumb, "data") && !isRecord(crumb["data"])) return "data is not of type 'object'";
  }
  return undefined;
}
