import { startIndexer } from "@mayday/indexer";
import { startScheduler } from "@mayday/scheduler";
import { startWebapp } from "@mayday/webapp";

/** Indexer, scheduler and webapp share an engine that one process may open; a process of them without a processor. */
for (const start of [startIndexer, startScheduler, startWebapp]) await start(process.env);
