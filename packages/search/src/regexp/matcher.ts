import type { CodeRange, Expression } from "./syntax.ts";

/** An expression needs more states than may be kept. */
export class TooComplexError extends Error {}

const MOST_STATES = 10_000;

/** A state: what the rest of a text must match. Equal ones are one object, so that they can be kept by identity. */
interface State {
  readonly id: number;
  /** Whether the empty rest matches. */
  readonly isEnd: boolean;
  readonly next: Map<number, State>;
  readonly derive: (code: number) => State;
}

/**
 * A function that tells whether a whole text matches. It never goes back in the text: states are made of the expression
 * as they are met (Brzozowski's derivatives), by code points.
 * @throws {TooComplexError} from the function, when there are more than 10,000 states
 */
export function expressionMatcher(expression: Expression): (text: string) => boolean {
  const start = stateMaker()(expression);
  return (text) => {
    let state = start;
    for (const character of text) {
      const code = character.codePointAt(0)!;
      let next = state.next.get(code);
      if (next === undefined) {
        next = state.derive(code);
        state.next.set(code, next);
      }
      state = next;
    }
    return state.isEnd;
  };
}

function stateMaker(): (expression: Expression) => State {
  const states = new Map<string, State>();
  const make = {
    state(key: string, isEnd: boolean, derive: (code: number) => State): State {
      const known = states.get(key);
      if (known !== undefined) return known;
      if (states.size >= MOST_STATES) throw new TooComplexError("it has too many states");
      const state: State = { id: states.size, isEnd, next: new Map(), derive };
      states.set(key, state);
      return state;
    },
  };
  const none: State = make.state("none", false, () => none);
  const end: State = make.state("end", true, () => none);

  const set = (ranges: readonly CodeRange[]): State =>
    make.state(`set ${ranges.join()}`, false, (code) =>
      ranges.some(([from, to]) => code >= from && code <= to) ? end : none,
    );
  const sequence = (first: State, then: State): State => {
    if (first === none || then === none) return none;
    if (first === end) return then;
    if (then === end) return first;
    return make.state(`seq ${first.id} ${then.id}`, first.isEnd && then.isEnd, (code) => {
      const stepped = sequence(first.derive(code), then);
      return first.isEnd ? either([stepped, then.derive(code)]) : stepped;
    });
  };
  const parts = new Map<State, readonly State[]>();
  const either = (of: readonly State[]): State => {
    const flat = new Set(of.flatMap((state) => parts.get(state) ?? [state]));
    flat.delete(none);
    const list = [...flat].sort((a, b) => a.id - b.id);
    if (list.length === 0) return none;
    if (list.length === 1) return list[0]!;
    const state = make.state(
      `any ${list.map(({ id }) => id).join(" ")}`,
      list.some(({ isEnd }) => isEnd),
      (code) => either(list.map((one) => one.derive(code))),
    );
    parts.set(state, list);
    return state;
  };
  const both = (of: readonly State[]): State => {
    const list = [...new Set(of)].sort((a, b) => a.id - b.id);
    if (list.includes(none)) return none;
    if (list.length === 1) return list[0]!;
    return make.state(
      `all ${list.map(({ id }) => id).join(" ")}`,
      list.every(({ isEnd }) => isEnd),
      (code) => both(list.map((one) => one.derive(code))),
    );
  };
  const repeat = (of: State, least: number, most: number): State => {
    if (most === 0) return end;
    if (of === none) return least === 0 ? end : none;
    if (of === end) return end;
    if (least === 1 && most === 1) return of;
    return make.state(`rep ${of.id} ${least} ${most}`, least === 0 || of.isEnd, (code) =>
      sequence(of.derive(code), repeat(of, Math.max(0, least - 1), most - 1)),
    );
  };
  const build = (expression: Expression): State => {
    switch (expression.kind) {
      case "set":
        return set(expression.ranges);
      case "sequence":
        return expression.of.reduceRight<State>((then, first) => sequence(build(first), then), end);
      case "either":
        return either(expression.of.map(build));
      case "both":
        return both(expression.of.map(build));
      case "repeat":
        return repeat(build(expression.of), expression.least, expression.most);
    }
  };
  return build;
}
