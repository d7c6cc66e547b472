import { randomUUID } from "node:crypto";
import { errorLine } from "@mayday/errors";
import { askRedis } from "@mayday/queue";
import type { Records } from "@mayday/records";
import type { SearchEngine } from "@mayday/search";
import type { ObjectStore } from "@mayday/storage";
import pTimeout from "p-timeout";
import { type Finding, right, warning, wrong } from "./finding.ts";

const LIMIT_MS = 10_000;
const OLDEST_REDIS = 6;

/** @param shown its address, without a password */
export async function checkRedis(url: string, shown: string): Promise<Finding> {
  const name = "Redis";
  try {
    const { version, refuses, warns } = await inTime(() => askRedis(url));
    const says = `${shown}, version ${version}`;
    if (refuses !== undefined)
      return wrong(name, `${says}: ${refuses}`, "free it of that; until then reports wait in the journal");
    if (Number.parseInt(version, 10) < OLDEST_REDIS)
      return wrong(name, says, `use Redis ${OLDEST_REDIS}.2 or later`);
    return warns === undefined ? right(name, says) : warning(name, says, warns);
  } catch (error) {
    const mend = "start it, or set REDIS_URL; a TLS authority of one's own goes into NODE_EXTRA_CA_CERTS";
    return wrong(name, `${shown}: ${why(error)}`, mend);
  }
}

/** Writes, reads and removes an object. @param setting what names the store: `CRASH_STORE` */
export async function checkStore(
  name: string,
  setting: string,
  where: string,
  open: () => Promise<ObjectStore>,
): Promise<Finding> {
  const key = `v1/check/${randomUUID()}`;
  const bytes = Buffer.from("mayday check");
  try {
    await inTime(async () => {
      const store = await open();
      await store.check();
      await store.put(key, bytes);
      const back = await store.get(key);
      await store.delete([key]);
      if (back === undefined || !bytes.equals(back)) throw new Error("what was written is not read back");
    });
    return right(name, `${where}: writes, reads and deletes`);
  } catch (error) {
    const mend = `${setting}, ${setting}_BUCKET and ${setting}_ENDPOINT say where; the bucket must be there, and the credentials may read, write, list and delete`;
    return wrong(name, `${where}: ${why(error)}`, mend);
  }
}

export async function checkSearch(where: string, open: () => Promise<SearchEngine>): Promise<Finding> {
  const name = "search engine";
  try {
    await inTime(async () => {
      const engine = await open();
      try {
        await engine.check();
      } finally {
        await engine.close();
      }
    });
    return right(name, where);
  } catch (error) {
    if (/lock|in use/i.test(why(error)) && where.endsWith(".duckdb"))
      return right(name, `${where}: a Mayday that runs has it open`);
    return wrong(name, `${where}: ${why(error)}`, "SEARCH_ENGINE and SEARCH_URL say where");
  }
}

export async function checkRecords(shown: string, open: () => Promise<Records>): Promise<Finding> {
  const name = "records";
  try {
    return await inTime(async () => {
      const records = await open();
      try {
        await records.check();
        return right(name, records.name);
      } finally {
        await records.close();
      }
    });
  } catch (error) {
    return wrong(
      name,
      `${shown}: ${why(error)}`,
      "DATABASE_URL says where; the database and its user must be there",
    );
  }
}

const inTime = <T>(work: () => Promise<T>): Promise<T> =>
  pTimeout(work(), { milliseconds: LIMIT_MS, message: `no answer within ${LIMIT_MS / 1000} s` });

/** Why something failed, in one line; what is behind a general message tells more. */
function why(error: unknown): string {
  const cause = (error as { cause?: unknown }).cause;
  const behind = cause instanceof Error && cause.message !== "" ? ` (${cause.message})` : "";
  return `${errorLine(error)}${errorLine(error).includes(behind.slice(2, -1)) ? "" : behind}`.slice(0, 400);
}
