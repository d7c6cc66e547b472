import { symbolSources } from "../supply/symbol-sources.ts";
import { createSymbolSupply } from "../supply/symbol-supply.ts";
import { symcacheFolder } from "../supply/symcache-folder.ts";

// A process of workers that all ask for the same module at once: FOLDER SOURCE DEBUG-FILE DEBUG-ID WORKERS.
// Prints what became of it, as JSON.
const [folder = "", place = "", debugFile = "", debugId = "", workers = "1"] = process.argv.slice(2);
const events: string[] = [];
const supplies = Array.from({ length: Number(workers) }, () =>
  createSymbolSupply({
    sources: symbolSources([place]),
    folder: symcacheFolder(folder),
    memoryBytes: 1e9,
    blockBytes: 1e5,
    missesLastMs: 60_000,
    now: Date.now,
    onEvent: (event) => events.push(event),
  }),
);
const entries = await Promise.all(supplies.map((supply) => supply.get({ debugFile, debugId })));
const functions = entries.map((entry) =>
  entry.kind === "found" ? entry.symbols.lookup(0x1000)?.function : `${entry.kind}: ${entry.why}`,
);
process.stdout.write(JSON.stringify({ events, functions }));
