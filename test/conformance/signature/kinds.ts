/**
 * Where siggen 2.2 and Socorro differ (but for `emptyName`, where siggen is wrong), as run-siggen.py calls it. Each
 * has a document in rule-documents.ts.
 */
export const kinds = {
  as: "keeps <X as Y> of Rust in C++ names",
  operator: "keeps operator< and operator<=>",
  traits: "collapses templates that mention IPC::ParamTraits within",
  omitted: "collapses templates that mention a name omitted within",
  argumentOperator: "drops arguments that mention operator",
  argumentAnonymous: "drops arguments that mention the anonymous namespace",
  brackets: "tells brackets by the text since the last one",
  printable: "drops unprintable characters",
  emptyName: "goes on where a name is nothing but qualifiers",
  watchdog: "uses the given lists for the watchdog",
} as const;
