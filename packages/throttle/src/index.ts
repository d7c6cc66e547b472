export { mozillaProductsFile, type Products, readProducts } from "./products.ts";
export { type RulesetName, rulesets } from "./rulesets.ts";
export { type ThrottleDecision, throttle } from "./throttle.ts";
export {
  type Sampling,
  type ThrottleContext,
  type ThrottleResult,
  type ThrottleRule,
  throttleDigit,
} from "./throttle-rule.ts";
