import { dropPrefixAndReturnType } from "./drop-prefix-and-return-type.ts";

/** What was improved in a function's name, by the name of the improvement. */
const nameImprovements = {
  "clone-marks":
    "marks that compilers add to parts and copies of a function, whose numbers change from build to build: `f() const [clone .cold]`, `uhash_remove.llvm.4477738147604602593`",
  qualifiers:
    "qualifiers behind a function, in any order, and of functions around it: `ShellCorona::f() const &`, `f() volatile noexcept(true)`, `A::f() const::{lambda()#1}::_FUN()`",
  "anonymous-namespace":
    "a return type before an anonymous namespace, and types without a name: `void (anonymous namespace)::Task::Run()`, `(anonymous class)::operator()`, `f()::(lambda at a.cpp:3:5)::operator()() const`",
  operators:
    "a blank or `&` that belongs to an operator, and a return type before one: `operator new(unsigned long)`, `A::operator&`, `bool A::operator==(B)`",
  results:
    "results behind or around a function: `auto A::f(int) -> B`, `void (*A::f(int))(char)`, `f<T>(T) requires C<T>`",
  "rust-hash": "the hash of a Rust function, whatever file it is in: `a::b::h0123456789abcdef`",
  arrows: "an arrow among template arguments closes none: `call<fn(u8) -> u16>::c`",
  swift: "in Swift what follows `->` is the result, and a closure is named by the function it is in",
  "other-scripts":
    "letters that are not ASCII are written as their numbers: signatures are ASCII, and nothing would be left",
} as const;

export type NameImprovement = keyof typeof nameImprovements;

export interface ImprovedName {
  readonly name: string;
  /** Whether the name is as it is to stand in the signature. */
  readonly isWhole: boolean;
  /** In the order in which they were made; none where the name is as it was. */
  readonly by: readonly NameImprovement[];
  /** Puts back into a normalised name what was hidden from normalising. */
  readonly restore: (name: string) => string;
}

/** One character that no name has stands for each of these while a name is normalised. */
const HIDDEN: readonly (readonly [stand: string, text: string])[] = [
  ["\u0001", "(anonymous namespace)"],
  ["\u0002", "->"],
  ["\u0003", "(anonymous class)"],
  ["\u0004", "(anonymous struct)"],
  ["\u0005", "(anonymous union)"],
  ["\u0006", "(lambda)"],
  ["\u0007", "&"],
  ["\u0008", " "],
];
const STANDS = new Map(HIDDEN.map(([stand, text]) => [text, stand]));
const TEXTS = new Map(HIDDEN);
const ARROW = STANDS.get("->")!;

/** Names may be of any length and from anybody; longer ones than any compiler's are left as they are. */
const MAX_LENGTH = 16_384;

const CLONE_MARK =
  /(?: ?\[clone [^\][]*\]| ?[([]\.(?:cold|llvm|isra|part|constprop|localalias|lto_priv|__uniq|memprof)[.\w]*[)\]]|\.(?:llvm|part|lto_priv|__uniq|memprof|specialized|hot|unlikely)\.\d+|\.(?:cold|isra|constprop|localalias)(?:\.\d+)*)$/;
const QUALIFIER =
  /(?: ?(?:&&|&)| (?:const|volatile|noexcept|restrict|override|final)|(?<=\))(?:const|volatile|noexcept)| ?(?:noexcept|throw)\([^()]{0,100}\)| \[(?:with|abi:)[^\][]{0,190}\])$/;
/** Those behind an operator that is written without its arguments: `A::operator-> noexcept`. */
const OPERATOR_QUALIFIERS =
  /(operator ?[-+*/%^&|~!=<>,()[\]]{1,3}(?:<.*>)?)(?: (?:(?:const|volatile|noexcept)(?:&&|&)?|&&|&)){1,5}$/;
/** Those of a function that something is in. */
const INNER_QUALIFIERS = /\)(?: ?(?:const|volatile|noexcept|&&|&)){1,5}(?=::)/g;
const RUST_HASH = /::h[0-9a-f]{16}$/;
/** A function whose result is a pointer to a function or a reference to an array stands inside of it. */
const AROUND = /^[^()<>]{1,200} \([*&]{1,3} ?(\S.*)\)(?:\([^()]*\)|\[\d*\])$/;

/** Makes a function's name one of which normalising, which is Socorro's, makes a good signature. */
export function improvedName(original: string, isOfSwift = false): ImprovedName {
  const by: NameImprovement[] = [];
  let name = original;
  const become = (next: string, improvement: NameImprovement) => {
    if (next === name || next === "") return;
    name = next;
    by.push(improvement);
  };
  if (original.length > MAX_LENGTH) return { name, isWhole: false, by, restore: (text) => text };
  become(withoutEnds(name, CLONE_MARK), "clone-marks");
  if (isOfSwift || isSwift(name)) {
    become(swiftName(name), "swift");
    become(inAscii(name), "other-scripts");
    // The blanks of the compiler's words part no result from a name: `type metadata accessor for App.Model`.
    if (by.length === 0 && name.includes(" ")) by.push("swift");
    return { name, isWhole: by.length > 0, by, restore: (text) => text };
  }
  become(name.replace(RUST_HASH, ""), "rust-hash");
  become(name.replaceAll(INNER_QUALIFIERS, ")"), "qualifiers");
  // An operator may be one of conversion to what looks like a qualifier: `A::operator int const`.
  if (name.includes(")") || !name.includes("operator")) become(withoutEnds(name, QUALIFIER), "qualifiers");
  else become(name.replace(OPERATOR_QUALIFIERS, "$1"), "qualifiers");
  if (
    /[ :](?:\(anonymous|`anonymous)|^\(anonymous (?:class|struct|union)\)|anonymous-namespace|\(lambda at /.test(
      name,
    )
  )
    become(withHiddenNamelessness(name), "anonymous-namespace");
  if (name.includes("->")) become(withHiddenArrows(name), "arrows");
  become(withoutResult(name), "results");
  if (name.includes("operator")) become(withPlainOperator(name), "operators");
  become(inAscii(name), "other-scripts");
  return { name, isWhole: false, by, restore };
}

function restore(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they stand for what is hidden
  return text.replaceAll(/[\u0001-\u0008]/g, (stand) => TEXTS.get(stand)!);
}

function withHiddenNamelessness(name: string): string {
  return name
    .replaceAll(/\(anonymous (?:namespace|class|struct|union)\)/g, (text) => STANDS.get(text)!)
    .replaceAll(/`anonymous[ -]namespace'/g, STANDS.get("(anonymous namespace)")!)
    .replaceAll(/\(lambda at [^()]{1,1000}\)/g, STANDS.get("(lambda)")!);
}

/** Arrows of C++'s results stand outside of all brackets, as its constraints do. Those of Rust's types have no `auto`. */
function withoutResult(name: string): string {
  const around = AROUND.exec(name)?.[1];
  if (around?.includes("(")) return around;
  const end = outermost(name, /\bauto\b/.test(name) ? / -> | requires /g : / requires /g);
  return end === undefined ? name : name.slice(0, end);
}

/** Where the first match behind a `)` stands that is in no brackets. */
function outermost(name: string, pattern: RegExp): number | undefined {
  let depth = 0;
  let at = 0;
  for (const { index } of name.matchAll(pattern)) {
    for (; at < index; at++) {
      if ("([{".includes(name[at]!)) depth++;
      else if (")]}".includes(name[at]!)) depth--;
    }
    if (depth === 0 && index > 0 && /[)\w]/.test(name[index - 1]!) && name.slice(0, index).includes(")"))
      return index;
  }
  return undefined;
}

/** Socorro takes `new` for a function and what stands before it for its result, and cuts the result of no operator. */
function withPlainOperator(name: string): string {
  const at = name.search(/(?:^|[ :])operator\b/);
  // What only begins so is none: `void ns::operators::f()`.
  if (at < 0) return name.includes("::operator") ? dropPrefixAndReturnType(name) : name;
  const start = name[at] === "o" ? at : at + 1;
  const scope = name.slice(0, start);
  const bare = scope.includes(" ") ? dropPrefixAndReturnType(scope.trimEnd()) : scope;
  // A result that no scope follows is all that stands before it.
  const kept = scope.endsWith(" ") ? "" : bare;
  const operator = name
    .slice(start)
    .replace(/^operator(?: (?=new\b|delete\b)|"" )/, (text) =>
      kept.includes("::") ? text : text.replace(" ", STANDS.get(" ")!),
    )
    .replace(/&{1,2}$/, (ends) => (name.includes(")") ? ends : STANDS.get("&")!.repeat(ends.length)));
  return kept + operator;
}

function withoutEnds(name: string, ending: RegExp): string {
  let rest = name;
  for (let end = ending.exec(rest.slice(-200)); end !== null && end[0] !== rest; ) {
    rest = rest.slice(0, -end[0].length).trimEnd();
    end = ending.exec(rest.slice(-200));
  }
  return rest;
}

/** Arrows between `<` and `>`. */
function withHiddenArrows(name: string): string {
  let depth = 0;
  let out = "";
  for (let at = 0; at < name.length; at++) {
    const isOperator = out.endsWith("operator") || out.endsWith("operator<");
    if (name.startsWith("->", at) && depth > 0 && !out.endsWith("operator")) {
      out += ARROW;
      at++;
      continue;
    }
    if (name[at] === "<" && !isOperator) depth++;
    else if (name[at] === ">" && depth > 0 && !out.endsWith("operator-")) depth--;
    out += name[at];
  }
  return out;
}

/** Swift's results stand behind an arrow outside of all brackets; C++ and Rust have none there but `operator->`. */
function isSwift(name: string): boolean {
  if (name.includes("::") || /operator|^(?:auto|decltype)\b/.test(name)) return false;
  return SWIFT_RESULT.test(name) || SWIFT_ACCESSOR.test(name) || SWIFT_MADE.test(name);
}

const SWIFT_RESULT = /\)(?: async)?(?: (?:re)?throws(?:\([^()]{0,200}\))?)? -> /;
const SWIFT_ACCESSOR =
  /\.(?:getter|setter|modify|read|didset|willset|unsafeAddressor|unsafeMutableAddressor)(?: : |$)/;
/** What the compiler makes, as its demangler calls it. */
const SWIFT_MADE =
  /^(?:variable initialization expression of|default argument \d+ of|outlined |type metadata |lazy protocol witness |protocol witness |associated type |dispatch thunk of|vtable thunk |reabstraction thunk |(?:\(\d+\) )?(?:suspend|await) resume partial function for|\(extension in |property wrapper backing initializer of|key path (?:getter|setter) for|@objc |@main )/;

const SWIFT_PREFIX =
  /^(?:(?:static|class|mutating|nonisolated|specialized|merged|@objc|@main|async|partial apply(?: forwarder)? for|(?:generic|function signature)[a-z -]{0,40} specialization <.{0,2000}?> of|(?:\(\d+\) )?(?:suspend|await) resume partial function for) )+/;
/** Before what an extension adds to another module's type. */
const SWIFT_EXTENSION = /^\(extension in [\w.]{1,200}\):/;
/** Private names tell the file that they are private to. */
const SWIFT_PRIVATE = /\(([^() ]{1,1000}) in _[0-9A-F]{1,64}\)/g;

function swiftName(name: string): string {
  const closures = /^(?:.*? )??closure #\d+ .*?in (?!closure #)/.exec(name);
  if (closures !== null) return `closure in ${swiftName(name.slice(closures[0].length))}`;
  const bare = name
    .replace(SWIFT_PREFIX, "")
    .replace(SWIFT_EXTENSION, "")
    .replace(SWIFT_PREFIX, "")
    .replaceAll(SWIFT_PRIVATE, "$1");
  const ends = [bare.indexOf("("), bare.indexOf(" : "), bare.indexOf("<")].filter((at) => at > 0);
  return (ends.length === 0 ? bare : bare.slice(0, Math.min(...ends))).trimEnd();
}

function inAscii(name: string): string {
  return name.replace(/[^\0-\x7f]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
