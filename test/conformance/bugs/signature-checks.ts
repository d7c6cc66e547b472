import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sharedFile } from "../../bench/measure.ts";
import type { Check } from "./case-folders.ts";
import { same } from "./walked-case.ts";

/** The check that the case's crashes, each of one frame, have these signatures. */
function hasSignatures(...expected: readonly string[]): Check {
  return async ({ folder, mayday }) => {
    const lists = sharedFile("socorro-siglists");
    const args = ["signature", ...(lists === undefined ? [] : ["--siglists", lists])];
    const { out, err } = await mayday(args, readFileSync(join(folder, "crashes.jsonl"), "utf8"));
    if (out === "") return [err.trim()];
    const signatures = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).signature);
    return expected.flatMap((signature, index) => same(`crash ${index + 1}`, signatures[index], signature));
  };
}

/** Cases about signatures. */
export const signatureChecks: Readonly<Record<string, Check>> = {
  "sig-anonymous-namespace": hasSignatures(
    "mozilla::dom::(anonymous namespace)::Foo::Bar",
    "(anonymous namespace)::Task::Run",
  ),
  "sig-const-cold": hasSignatures(
    "ShellCorona::screenInvariants",
    "ShellCorona::screenInvariants",
    "ShellCorona::f",
    "Other::g",
  ),
  "sig-llvm-suffix": hasSignatures("uhash_remove", "uhash_remove", "_uhash_remove"),
  "sig-operator-less": hasSignatures(
    "js::jit::CodePosition::operator<",
    "operator<=><T>",
    "operator<< <char>",
  ),
  "sig-swift": hasSignatures(
    "WinUI.WindowsXamlManager.getForCurrentThread",
    "closure in App.Model.load",
    "closure in App.Other.save",
    "thunk for @escaping @callee_guaranteed",
    "main.foo",
  ),
};
