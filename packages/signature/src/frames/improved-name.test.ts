import { describe, expect, it } from "vitest";
import { generateSignature } from "../generate-signature.ts";
import { parseSiglists } from "../siglists/siglists.ts";
import { parseSignatureSwitches } from "../signature-switches.ts";

const siglists = parseSiglists({
  "signature_sentinels.txt": "",
  "irrelevant_signature_re.txt": "",
  "prefix_signature_re.txt": "",
  "signatures_with_line_numbers_re.txt": "",
});

const made = (name: string, switches: readonly string[] = []) =>
  generateSignature(
    { threads: [{ frames: [{ function: name, file: "a.cpp", line: 7, module: "app" }] }] },
    siglists,
    parseSignatureSwitches(switches),
  );

describe("an improved name", () => {
  it.each([
    ["ShellCorona::screenInvariants() const [clone .cold]", "ShellCorona::screenInvariants", "const"],
    ["A::f(int) const & [clone .isra.0] [clone .part.3]", "A::f", undefined],
    ["A::f() volatile noexcept", "A::f", "noexcept"],
    ["std::Texture::free const volatile [clone .cold]", "std::Texture::free", undefined],
    ["uhash_remove.llvm.4477738147604602593", "uhash_remove", "uhash_remove.llvm.4477738147604602593"],
    ["f(int) [.llvm.12]", "f", "[.llvm.12]"],
    ["f(int) (.cold.1)", "f", undefined],
    ["grow.constprop.0.cold", "grow", undefined],
    [
      "void (anonymous namespace)::Task::Run((anonymous namespace)::Arg const&)",
      "(anonymous namespace)::Task::Run",
      "void (anonymous namespace)::Task::Run",
    ],
    ["call<fn(u8) -> u16>::c", "call<T>::c", undefined],
    ["Ptr<A>::operator->() const", "Ptr<T>::operator->", "Ptr<T>::operator->"],
    [
      "closure #1 () -> () in closure #2 (Swift.Int) -> () in App.Model.load() -> ()",
      "closure in App.Model.load",
      "->",
    ],
    ["\u7a7a\u306e\u95a2\u6570()", "\\u{7a7a}\\u{306e}\\u{95a2}\\u{6570}", undefined],
    ["A::f(int (&)[2])", "A::f", "A::f"],
    ["grow.constprop.isra.0", "grow", undefined],
    ["f.__uniq.1234567.llvm.12", "f", undefined],
    ["f.localalias.3", "f", undefined],
    ["A::f() noexcept(true)", "A::f", "noexcept"],
    ["A::f() const throw()", "A::f", "throw"],
    ["void A::f<int>(int) const [with T = int]", "A::f<T>", "[with T = int]"],
    ["A::f() const::{lambda()#1}::_FUN()", "A::f::{lambda#1}::_FUN", "const::{lambda#1}::_FUN"],
    ["auto A::f(int) -> B", "A::f", "B"],
    ["core::ptr::dyn Fn(u8) -> u8::run", "u8::run", undefined],
    ["A::operator-> noexcept", "A::operator->", undefined],
    ["bool A<B>::operator>><C(*)(int)> const volatile &&", "A<T>::operator>><T>", undefined],
    ["f<T>(T) requires C<T>", "f<T>", "C<T>"],
    ["void (*A::f(int))(char)", "A::f", "void"],
    ["int (&A::f())[3]", "A::f", "int [3]"],
    ["void g(int (*)[3])", "g", "g"],
    ["operator new(unsigned long)", "operator new", "new"],
    ["void* operator delete[](void*)", "operator delete[]", "delete[]"],
    ["A::operator&&", "A::operator&&", "A::operator"],
    ["bool A::operator==(B) const", "A::operator==", "bool A::operator=="],
    ["operator< <A>(A, B)", "operator< <A>", undefined],
    ["A::operator B const&() const", "A::operator B const&", "A::operator B const&"],
    ["void ns::operators::f(int)", "ns::operators::f", "void ns::operators::f"],
    ["`anonymous-namespace'::f", "(anonymous namespace)::f", "`anonymous-namespace'::f"],
    ["(anonymous class)::operator()() const", "(anonymous class)::operator()", "::operator()"],
    ["f()::(lambda at /a/b.cpp:3:5)::operator()() const", "f::(lambda)::operator()", "f::::operator()"],
    ["a::b::h0123456789abcdef.llvm.12", "a::b", "a::b::h0123456789abcdef.llvm.12"],
    ["App.Model.count.getter : Swift.Int", "App.Model.count.getter", "Swift.Int"],
    ["(extension in App):Swift.Array.foo(Swift.Int) -> ()", "Swift.Array.foo", "->"],
    ["App.(foo in _0123456789ABCDEF)(Swift.Int) rethrows -> ()", "App.foo", "->"],
    ["(2) await resume partial function for App.f() async -> ()", "App.f", "->"],
    ["function signature specialization <Arg[0] = Dead> of App.f() -> ()", "App.f", "->"],
    ["type metadata accessor for App.Model", "type metadata accessor for App.Model", "App.Model"],
  ])("of %j makes the signature %j", (name, signature, parity) => {
    expect(made(name).signature).toBe(signature);
    if (parity !== undefined) expect(made(name, ["parity"]).signature).toBe(parity);
  });

  it("is told in the reasons", () => {
    expect(made("f() const [clone .cold]").steps[0]).toMatchObject({
      kind: "taken",
      name: "f",
      from: "f() const [clone .cold]",
      improved: ["clone-marks", "qualifiers"],
    });
  });

  it("takes no time for hostile names", () => {
    const started = performance.now();
    for (const part of [
      ...["closure #1 in ", "<->", " const", " [clone .a]", "(", "static ", "\u7a7a", "operator ", ") -> "],
      ...[" requires ", ")&", "(lambda at ", "void (*", "(a in _0)", "specialization <", "`anonymous"],
    ])
      made(part.repeat(8000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
