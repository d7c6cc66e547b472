// Adds batch after batch to the file of the first argument, and says the number of each once it is acknowledged.
import { writeSync } from "node:fs";
import { openDuckDbEngine } from "../../../packages/search/src/duckdb/index.ts";
import { batchOf } from "./search-kills.ts";

const [path, round] = [process.argv[2]!, Number(process.argv[3])];
const engine = await openDuckDbEngine({ path, memoryLimitMb: 256 });
for (let batch = 0; ; batch++) {
  await engine.add(batchOf(round, batch));
  writeSync(1, `${batch}\n`);
}
