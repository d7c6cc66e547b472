/** What was improved in a function's name, by the name of the improvement. */
const nameImprovements = {
  "clone-marks":
    "marks that compilers add to parts and copies of a function, whose numbers change from build to build: `f() const [clone .cold]`, `uhash_remove.llvm.4477738147604602593`",
  qualifiers:
    "qualifiers behind a function, in any order: `ShellCorona::f() const &`, `f() volatile noexcept`",
  "anonymous-namespace":
    "a return type before an anonymous namespace: `void (anonymous namespace)::Task::Run()`",
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

/** One character that no name has stands for these while a name is normalised. */
const ANONYMOUS = "\u0001";
const ARROW = "\u0002";

/** Names may be of any length and from anybody; longer ones than any compiler's are left as they are. */
const MAX_LENGTH = 16_384;

const CLONE_MARK =
  /(?: ?\[clone [^\][]*\]| ?[([]\.(?:cold|llvm|isra|part|constprop)[.\w]*[)\]]|\.(?:llvm|isra|part|constprop)\.\d+|\.cold(?:\.\d+)?|\.lto_priv\.\d+)$/;
const QUALIFIER =
  /(?: ?(?:&&|&)| (?:const|volatile|noexcept|restrict|override|final)|(?<=\))(?:const|volatile|noexcept))$/;

/** Makes a function's name one of which normalising, which is Socorro's, makes a good signature. */
export function improvedName(original: string, file: string | undefined): ImprovedName {
  const by: NameImprovement[] = [];
  let name = original;
  const become = (next: string, improvement: NameImprovement) => {
    if (next === name || next === "") return;
    name = next;
    by.push(improvement);
  };
  if (original.length > MAX_LENGTH) return { name, isWhole: false, by, restore: (text) => text };
  become(withoutEnds(name, CLONE_MARK), "clone-marks");
  if (isSwift(name, file)) {
    become(swiftName(name), "swift");
    become(inAscii(name), "other-scripts");
    return { name, isWhole: by.includes("swift"), by, restore: (text) => text };
  }
  // An operator may be one of conversion to what looks like a qualifier: `A::operator int const`.
  if (name.includes(")") || !name.includes("operator")) become(withoutEnds(name, QUALIFIER), "qualifiers");
  if (/ (?:\(anonymous namespace\)|`anonymous namespace')::/.test(name))
    become(
      name.replaceAll(/\(anonymous namespace\)|`anonymous namespace'/g, ANONYMOUS),
      "anonymous-namespace",
    );
  if (name.includes("->")) become(withHiddenArrows(name), "arrows");
  become(inAscii(name), "other-scripts");
  const restore = (text: string) =>
    text.replaceAll(ANONYMOUS, "(anonymous namespace)").replaceAll(ARROW, "->");
  return { name, isWhole: false, by, restore };
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
function isSwift(name: string, file: string | undefined): boolean {
  if (file?.endsWith(".swift")) return true;
  return !name.includes("::") && !name.includes("operator") && /\)(?: async)?(?: throws)? -> /.test(name);
}

const SWIFT_PREFIX =
  /^(?:(?:static|class|mutating|nonisolated|specialized|merged|@objc|async|partial apply(?: forwarder)? for|generic specialization <[^>]*> of) )+/;

function swiftName(name: string): string {
  const closures = /^(?:.*? )??closure #\d+ .*?in (?!closure #)/.exec(name);
  if (closures !== null) return `closure in ${swiftName(name.slice(closures[0].length))}`;
  const bare = name.replace(SWIFT_PREFIX, "");
  const ends = [bare.indexOf("("), bare.indexOf(" : "), bare.indexOf("<")].filter((at) => at > 0);
  return (ends.length === 0 ? bare : bare.slice(0, Math.min(...ends))).trimEnd();
}

function inAscii(name: string): string {
  return name.replace(/[^\0-\x7f]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
