import { isExactNumber, type JavaException } from "@mayday/crash";
import { isRecord } from "../../values/json-records.ts";

type Check = (value: unknown) => boolean;

const isString: Check = (value) => typeof value === "string";
const isBoolean: Check = (value) => typeof value === "boolean";
const isInteger: Check = (value) =>
  isExactNumber(value) ? !/[.eE]/.test(value.rawJSON) : Number.isInteger(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
/** What is there of these is as it should be; there may be more. */
const objectOf =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value) &&
    Object.entries(fields).every(([name, check]) => !Object.hasOwn(value, name) || check(value[name]));

const frame = objectOf({
  module: isString,
  function: isString,
  filename: isString,
  lineno: isInteger,
  in_app: isBoolean,
});
const stacktrace = objectOf({
  type: isString,
  module: isString,
  value: isString,
  frames: listOf(frame),
});
const check = objectOf({ exception: objectOf({ values: listOf(objectOf({ stacktrace })) }) });

/** Whether a value has a Java exception's shape: the signature is made of it. */
export function isJavaException(value: unknown): value is JavaException {
  return check(value);
}
