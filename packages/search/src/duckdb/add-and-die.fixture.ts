// Adds the documents of standard input to the file of the first argument, and is killed the moment `add` is done.
import { readFileSync } from "node:fs";
import { openDuckDbEngine } from "./index.ts";

const engine = await openDuckDbEngine({ path: process.argv[2]!, memoryLimitMb: 256 });
for (const documents of JSON.parse(readFileSync(0, "utf8"))) await engine.add(documents);
process.kill(process.pid, "SIGKILL");
