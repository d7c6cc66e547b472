import { describe, expect, it } from "vitest";
import { normalizeCppFunction } from "./normalize-cpp-function.ts";
import { normalizeRustFunction } from "./normalize-rust-function.ts";

const noLine = () => "";
const cpp = (name: string) => normalizeCppFunction(name, noLine);
const rust = (name: string) => normalizeRustFunction(name, noLine);

describe("a C++ function's name", () => {
  it.each([
    ["void app::run(int, char const*)", "app::run"],
    ["static already_AddRefed<Uri> app::make()", "app::make"],
    ["thread_start<unsigned int (__cdecl*)(void* __ptr64)>", "thread_start<T>"],
    ["std::vector<int, std::allocator<int> >::at(unsigned long)", "std::vector<T>::at"],
    ["app::(anonymous namespace)::go(int)", "app::(anonymous namespace)::go"],
  ])("drops return type and arguments of %s", (name, normalized) => expect(cpp(name)).toBe(normalized));

  it.each([
    ["app::Map::get() const", "app::Map::get"],
    ["app::Map::get() const &", "app::Map::get"],
    ["app::Map::get() &&", "app::Map::get"],
  ])("drops the qualifier of %s", (name, normalized) => expect(cpp(name)).toBe(normalized));

  it.each([
    ["operator()(s,t,u)", "operator()"],
    ["js::jit::CodePosition::operator<(js::jit::CodePosition) const", "js::jit::CodePosition::operator<"],
    ["JS::Heap<JSObject*>::operator JSObject* const &()", "JS::Heap<T>::operator JSObject* const&"],
    ["app::Version::operator<=>(app::Version) const", "app::Version::operator<=>"],
    ["app::Ptr<int>::operator->() const", "app::Ptr<T>::operator->"],
  ])("keeps the operator of %s", (name, normalized) => expect(cpp(name)).toBe(normalized));

  it.each([
    ["System.Void Tea.Kettle`1<System.Int32>.Boil(System.Int32)", "Tea.Kettle`1<T>.Boil"],
    ["Tea.Kettle.<Boil>d__5.MoveNext()", "Tea.Kettle.<T>d__5.MoveNext"],
    ["static void Tea.Kettle+Cup.Pour(string, int&)", "Tea.Kettle+Cup.Pour"],
  ])("may be of C#: %s", (name, normalized) => expect(cpp(name)).toBe(normalized));

  it("makes MSVC's anonymous namespace the same as everyone's", () => {
    expect(cpp("`anonymous namespace'::go(int)")).toBe("(anonymous namespace)::go");
  });

  it("forgets the number that clang gave a lambda", () => {
    expect(cpp("ShutdownWorkThreads::$_52::__invoke")).toBe("ShutdownWorkThreads::$::__invoke");
  });

  it("keeps whose parameter traits they are, and not a template inside", () => {
    expect(cpp("IPC::ParamTraits<mozilla::Span<int> >::Read(int)")).toBe(
      "IPC::ParamTraits<mozilla::Span<T> >::Read",
    );
  });

  it("keeps a name that the compiler left out", () => {
    expect(cpp("<name omitted>")).toBe("<name omitted>");
  });

  it("takes the cold part of a function for the function", () => {
    expect(cpp("app::run(int) [clone .cold.12]").trim()).toBe("app::run");
  });

  it("reads a bracket that is never closed as open to the end", () => {
    expect(cpp("app::run(int, std::vector<int")).toBe("app::run");
  });

  it("asks for the line number with the name the lists know", () => {
    expect(
      normalizeCppFunction("bool interpret(State*)", (name) => (name === "interpret" ? ":12" : "")),
    ).toBe("interpret:12");
  });
});

describe("a Rust function's name", () => {
  it.each([
    ["static void servo_arc::Arc<X>::drop_slow<X>()", "servo_arc::Arc<T>::drop_slow<T>"],
    [
      "<rayon_core::job::HeapJob<BODY> as rayon_core::job::Job>::execute",
      "<rayon_core::job::HeapJob<BODY> as rayon_core::job::Job>::execute",
    ],
    ["app::run::h0123456789abcdef", "app::run"],
    ["app::run::{{closure}}", "app::run::{{closure}}"],
    ["app::has_const", "app::has_const"],
  ])("normalises %s", (name, normalized) => expect(rust(name)).toBe(normalized));
});
