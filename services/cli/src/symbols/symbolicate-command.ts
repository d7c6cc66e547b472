import { json } from "node:stream/consumers";
import { MaydayError } from "@mayday/errors";
import { readSymbolicateRequest, symbolicate } from "@mayday/symbols";
import { oneShotSupply } from "./local-supply.ts";
import type { OneShotSymbolOptions } from "./symbol-options.ts";

/** `mayday symbolicate`: answers a symbolication request of version 5. */
export async function symbolicateCommand(options: OneShotSymbolOptions): Promise<void> {
  const body = await json(process.stdin).catch(() => {
    throw new MaydayError("SYMBOLICATE_BAD_REQUEST", "Payload is not valid JSON");
  });
  const { supply, end } = oneShotSupply(options);
  console.log(JSON.stringify(await symbolicate(readSymbolicateRequest(body), supply)));
  await end();
}
