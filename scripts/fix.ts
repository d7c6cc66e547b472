import { runSteps } from "./steps.ts";

const ok = runSteps([
  {
    name: "format and lint (biome)",
    command: "biome",
    args: ["check", "--write"],
    help: "What is left needs a person.",
  },
  { name: "generated pages (docs)", command: process.execPath, args: ["scripts/gen.ts"], help: "See above." },
]);
if (!ok) process.exit(1);
