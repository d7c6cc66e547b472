import { runNamed } from "../run-named.ts";
import { bulk } from "./bulk.ts";
import { collector } from "./collector.ts";
import { hostile } from "./hostile.ts";
import { intake } from "./intake.ts";

import { pings } from "./pings.ts";
import { pipeline } from "./pipeline.ts";

import { search } from "./search/search.ts";

import { signature } from "./signature.ts";
import { signatureDiff } from "./signature-diff.ts";
import { stackwalk } from "./stackwalk.ts";
import { symbolicate } from "./symbolicate.ts";
import { symcache } from "./symcache.ts";

/** Each measures one thing and prints it beside a peer or a limit, from the same run. */
await runNamed("npm run bench", {
  bulk,
  collector,
  hostile,
  intake,
  symcache,
  stackwalk,
  symbolicate,
  pipeline,
  pings,
  signature,
  signatureDiff,
  search,
});
