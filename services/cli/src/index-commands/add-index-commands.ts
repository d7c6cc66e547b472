import { join } from "node:path";
import { readSettings } from "@mayday/config";
import { dayOf } from "@mayday/crash";
import type { SearchDocument, SearchEngine } from "@mayday/search";
import { createCrashStorage, createPingStorage, type ObjectStore } from "@mayday/storage";
import { type Command, InvalidArgumentError } from "commander";
import { indexSettings } from "./settings.ts";

type Settings = ReturnType<typeof settingsOf>;
const settingsOf = () => readSettings(indexSettings, process.env);

/** What the commands work with; `main.ts` knows how each is opened. */
export interface IndexAdapters {
  openObjects(settings: Settings): Promise<ObjectStore>;
  openFile(path: string): Promise<SearchEngine>;
  openShared(settings: Settings): Promise<SearchEngine>;
  migrate(settings: Settings): Promise<readonly string[]>;
  writeParquet(path: string, batches: AsyncIterable<readonly SearchDocument[]>): Promise<number>;
}

/** Adds `index rebuild`, `index migrate` and `export`. */
export function addIndexCommands(program: Command, adapters: IndexAdapters): void {
  const index = program.command("index").description("look after the search index");
  index
    .command("migrate")
    .description(
      "move a shared index to this version's mapping, while it is used; indexers do it by themselves",
    )
    .action(async () => {
      const moved = await adapters.migrate(settingsOf());
      console.log(moved.length === 0 ? "nothing to move" : `moved: ${moved.join(", ")}`);
    });
  index
    .command("rebuild")
    .description("build the search index anew from what is stored; the embedded one while Mayday is stopped")
    .action(async () => {
      const settings = settingsOf();
      const { rebuildIndex } = await import("./rebuild-command.ts");
      const shared =
        settings.SEARCH_ENGINE === "opensearch" ? await adapters.openShared(settings) : undefined;
      const objects = await adapters.openObjects(settings);
      const { crashes, skipped, pings, skippedBatches } = await rebuildIndex({
        storage: createCrashStorage(objects),
        pings: createPingStorage(objects),
        openFile: adapters.openFile,
        shared,
        path: join(settings.MAYDAY_DATA_DIR, "search.duckdb"),
      }).finally(() => shared?.close());
      console.log(`${crashes} crashes indexed, ${skipped} reports without a processed crash`);
      if (pings + skippedBatches > 0)
        console.log(`${pings} pings indexed, ${skippedBatches} batches that are not processed`);
    });
  program
    .command("export")
    .description("store the processed crashes and pings of days as Parquet, with what everybody may see")
    .argument("[days...]", "YYYYMMDD, UTC; yesterday when there is none", (day: string, sofar: string[]) => [
      ...(sofar ?? []),
      parseDay(day),
    ])
    .action(async (days: readonly string[]) => {
      const settings = settingsOf();
      const { exportDay, exportKey, pingExportKey } = await import("@mayday/scheduler");
      const objects = await adapters.openObjects(settings);
      const { writeParquet } = adapters;
      const [storage, pings] = [createCrashStorage(objects), createPingStorage(objects)];
      for (const day of days.length > 0 ? days : [yesterday()]) {
        const exported = await exportDay(day, { storage, pings, objects, writeParquet });
        console.log(`${exportKey(day)}: ${exported.crashes} crashes`);
        if (exported.pings > 0) console.log(`${pingExportKey(day)}: ${exported.pings} pings`);
      }
    });
}

const yesterday = (): string => dayOf(new Date(Date.now() - 86_400_000));

function parseDay(text: string): string {
  const day = text.replaceAll("-", "");
  const isDay =
    /^\d{8}$/.test(day) && !Number.isNaN(Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`));
  if (!isDay) throw new InvalidArgumentError("It must be a day: YYYYMMDD.");
  return day;
}
