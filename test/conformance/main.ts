import { runNamed } from "../run-named.ts";
import { signature } from "./signature/signature.ts";
import { hostileDumps } from "./stackwalk/hostile-dumps.ts";
import { stackwalk } from "./stackwalk/stackwalk.ts";
import { symcache } from "./symcache/symcache.ts";

/** Each holds one part of Mayday against the peer whose answers it promises, and says where they differ. */
await runNamed("npm run conformance", { symcache, stackwalk, hostileDumps, signature });
