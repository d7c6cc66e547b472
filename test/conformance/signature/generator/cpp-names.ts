import type { Random } from "./random.ts";

const NAMESPACES = [
  "mozilla",
  "mozilla::dom",
  "js",
  "js::jit",
  "std",
  "std::__1",
  "IPC",
  "icu_73",
  "webrtc",
  "gfx",
  "tea",
];
const CLASSES = [
  "Cache",
  "Texture",
  "Renderer",
  "TaskQueue",
  "RefPtr",
  "Span",
  "Map",
  "Heap",
  "Promise",
  "Kettle",
  "Uri",
  "ParamTraits",
];
const VERBS = [
  "Read",
  "write",
  "Evict",
  "operator_helper",
  "run",
  "ProcessNextEvent",
  "push_back",
  "DoStream",
  "Init",
  "free",
  "alloc_impl",
  "~Cache",
];
const TYPES = [
  "int",
  "unsigned long",
  "char const*",
  "void*",
  "bool",
  "nsTSubstring<char16_t> const &",
  "std::string&&",
  "float",
  "Foo (*)(int)",
];
const RETURNS = [
  "",
  "",
  "void ",
  "static void ",
  "bool ",
  "static already_AddRefed<Uri> ",
  "int const* ",
  "void * ",
  "public: virtual void __cdecl ",
  "static void __stdcall ",
  "template<> std::unique_ptr<T, D> ",
];
const OPERATORS = [
  "operator()",
  "operator<",
  "operator<<",
  "operator<=",
  "operator<=>",
  "operator>",
  "operator>>",
  "operator->",
  "operator->*",
  "operator==",
  "operator[]",
  "operator new",
  "operator delete[]",
  "operator bool",
  "operator JSObject* const &",
  "operator()<int>",
  "operator,",
  'operator"" _tea',
];
const QUALIFIERS = ["", "", "", " const", " const &", " const&", " &", " &&", " const volatile", " noexcept"];
const MARKS = [
  "",
  "",
  "",
  "",
  " [clone .cold]",
  " [clone .cold.12]",
  " [clone .isra.0]",
  " [clone .part.1] [clone .cold.3]",
  " (.llvm.123)",
];

/** A C or C++ function's name as compilers, demanglers and symbol files write it. */
export function cppName(random: Random): string {
  if (random.chance(0.1)) return windowsName(random);
  if (random.chance(0.03)) return random.pick(ODD);
  const scope = random.list(0, 3, () => scopePart(random)).join("::");
  const own = random.chance(0.15) ? random.pick(OPERATORS) : random.pick(VERBS);
  const name = [random.pick(NAMESPACES), scope, own].filter((part) => part !== "").join("::");
  const typeArguments = random.chance(0.2) ? templateArguments(random, 3) : "";
  const gap = random.chance(0.03) ? " " : "";
  const call = random.chance(0.85) ? `${gap}(${parameters(random)})` : "";
  const whole = `${random.pick(RETURNS)}${name}${typeArguments}${call}${random.pick(QUALIFIERS)}${random.pick(MARKS)}`;
  // Symbol files cut names, at any place.
  return random.chance(0.02) ? whole.slice(0, random.whole(1, whole.length)) : whole;
}

function scopePart(random: Random): string {
  const kind = random.next();
  if (kind < 0.08) return random.pick(["(anonymous namespace)", "`anonymous namespace'", "{anonymous}"]);
  if (kind < 0.16) return lambda(random);
  const name = random.pick(CLASSES);
  return random.chance(0.45) ? `${name}${templateArguments(random, 4)}` : name;
}

function lambda(random: Random): string {
  const number = random.whole(0, 120);
  return random.pick([
    `$_${number}`,
    `{lambda(${parameters(random)})#${number}}`,
    `'lambda'(${parameters(random)})`,
    `<lambda_${random.hex(8)}>`,
    `<lambda(${parameters(random)})>`,
  ]);
}

function templateArguments(random: Random, depth: number): string {
  const inside = random.list(0, 3, () => typeName(random, depth)).join(random.pick([", ", ",", " , "]));
  return `<${inside}${random.chance(0.3) ? " " : ""}>`;
}

function typeName(random: Random, depth: number): string {
  if (depth > 0 && random.chance(0.4))
    return `${random.pick(NAMESPACES)}::${random.pick(CLASSES)}${templateArguments(random, depth - 1)}`;
  if (random.chance(0.04)) return `(anonymous namespace)::${random.pick(CLASSES)}`;
  if (random.chance(0.02))
    return random.pick([
      "IPC::ParamTraits<int>",
      "&Kettle::operator()",
      "decltype(a->b)",
      "<name omitted>",
      "X as Y",
      "a in b",
    ]);
  return random.pick(TYPES);
}

function parameters(random: Random): string {
  return random.list(0, 3, () => typeName(random, 2)).join(random.pick([", ", ",", " ,"]));
}

/** Decorated and mangled names, and what dbghelp makes of them. */
function windowsName(random: Random): string {
  const verb = random.pick(VERBS);
  return random.pick([
    `_${verb}@${random.whole(0, 64)}`,
    `?${verb}@${random.pick(CLASSES)}@@QEAAXXZ`,
    `@${verb}@${random.whole(0, 16)}`,
    `${verb}$filt$${random.whole(0, 9)}`,
    `\`${random.pick(CLASSES)}::${verb}'::\`2'::<lambda_${random.hex(4)}>::operator()`,
    `\`dynamic initializer for '${verb}''`,
    `static ${random.pick(CLASSES)}::\`vector deleting dtor'`,
    `thread_start<unsigned int (__cdecl*)(void* __ptr64)>`,
    `virtual bool __thiscall ${random.pick(CLASSES)}::${verb}(struct _GUID const & __ptr64)`,
  ]);
}

/** Names that real symbol files have had, or that test a border. */
const ODD = [
  "<name omitted>",
  "<unknown in igd10iumd64.dll>",
  "<.plt ELF section in libxul.so>",
  "<unknown>",
  "{virtual override thunk({offset(-8)}, tea::Cup::~Cup())}",
  "-[NSException raise:format:arguments:]",
  "+[Kettle boil:]",
  "operator",
  "operator<",
  "(anonymous namespace)",
  "const",
  "&",
  " ",
  "::",
  "f (int)",
  "f() (.cold)",
  "int f(int)  ",
  "  void f()",
  "a::b\tc\n(d)",
  "naïve::Tee(ü)",
  "IPC::ParamTraits<IPC::ParamTraits<mozilla::Span<int> > >::Read(IPC::MessageReader*, int)",
  "IPC::ParamTraits<mozilla::Span<int>>::Write",
  "std::map<IPC::ParamTraits<int>, int>::at(int)",
  "f<&Kettle::operator< >(int)",
  "tea::Cup<&tea::Cup::operator()>::pour((anonymous namespace)::Milk*)",
  "RunWatchdog",
  "mozilla::(anonymous namespace)::RunWatchdog(void*)",
  "NS_ABORT_OOM(unsigned long)",
  "js_Interpret(JSContext*)",
];
