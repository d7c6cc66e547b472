import { runSteps, type Step } from "./steps.ts";

/** What `npm run check` and `npm test` look at before any test runs. */
export const checks: readonly Step[] = [
  {
    name: "types (tsc)",
    command: "tsc",
    args: ["-p", "."],
    help: "Mend the types; nothing is built, tsc only checks.",
  },
  {
    name: "types of what browsers run (tsc)",
    command: "tsc",
    args: ["-p", "services/webapp/src/browser"],
    help: "Mend the types; the webapp serves these files with the types stripped.",
  },
  {
    name: "format and lint (biome)",
    command: "biome",
    args: ["check", "--error-on-warnings"],
    help: "`npm run fix` mends what can be mended by itself.",
  },
  {
    name: "directions between packages (dependency-cruiser)",
    command: "depcruise",
    args: ["--config", ".dependency-cruiser.mjs", "packages", "services"],
    help: "The comment of the rule that is named in .dependency-cruiser.mjs says what to do instead.",
  },
  {
    name: "unused files, exports and dependencies (knip)",
    command: "knip",
    args: [],
    help: "Delete what is dead.",
  },
  {
    name: "licences of what ships (npm sbom)",
    command: process.execPath,
    args: ["scripts/licences.ts"],
    help: "Use another package, or allow the licence in scripts/licences.ts, on purpose.",
  },
  {
    name: "known weaknesses of what ships (npm audit)",
    command: process.execPath,
    args: ["scripts/audit.ts"],
    help: "Take the version without the weakness: `npm run deps` shows what there is.",
  },
  {
    name: "generated pages (docs)",
    command: process.execPath,
    args: ["scripts/gen.ts", "--check"],
    help: "`npm run gen` writes them anew.",
  },
];

if (import.meta.main && !runSteps(checks)) process.exit(1);
