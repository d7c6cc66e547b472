import { runNamed } from "../run-named.ts";
import { alerts } from "./alerts.ts";
import { bugs } from "./bugs/bugs.ts";
import { dashboards } from "./dashboards.ts";
import { hostileBodies } from "./hostile-bodies.ts";
import { processor } from "./processor/processor.ts";
import { records } from "./records/records.ts";
import { queries } from "./search/queries.ts";
import { search } from "./search/search.ts";
import { searchKills } from "./search/search-kills.ts";
import { signature } from "./signature/signature.ts";
import { hostileDumps } from "./stackwalk/hostile-dumps.ts";
import { stackwalk } from "./stackwalk/stackwalk.ts";
import { storage } from "./storage/storage.ts";
import { symbolicate } from "./symbolicate/symbolicate.ts";
import { symcache } from "./symcache/symcache.ts";
import { tecken } from "./tecken/tecken.ts";

/** Each holds one part of Mayday against what it promises to equal, and says where they differ. */
await runNamed("npm run conformance", {
  symcache,
  stackwalk,
  hostileDumps,
  hostileBodies,
  signature,
  storage,
  records,
  processor,
  bugs,
  symbolicate,
  tecken,
  search,
  queries,
  searchKills,
  dashboards,
  alerts,
});
