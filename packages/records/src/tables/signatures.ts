import { type Kysely, sql } from "kysely";
import { inBatches } from "../in-batches.ts";
import type { Tables } from "../schema.ts";

/** When a signature was seen first. */
export interface FirstSeen {
  readonly signature: string;
  /** The lowest build id: digits, of which there are as many in each of a product's. Empty where no crash had one. */
  readonly firstBuild: string;
  /** The earliest crash's date, `YYYY-MM-DDTHH:MM:SS…`. */
  readonly firstDate: string;
}

/** When each signature was seen first. It stays known when those crashes are long gone. */
export class Signatures {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Takes note of crashes: of what is known and what is given the earlier counts, in whatever order they come. */
  async see(seen: readonly FirstSeen[]): Promise<void> {
    for (const batch of inBatches(earliestOfEach(seen))) {
      const values = batch.map(({ signature, firstBuild, firstDate }) => ({
        signature,
        first_build: firstBuild,
        first_date: firstDate,
      }));
      await this.#db
        .insertInto("signatures")
        .values(values)
        .onConflict((conflict) =>
          conflict.column("signature").doUpdateSet({
            first_build: sql`case when signatures.first_build = '' or (excluded.first_build <> '' and excluded.first_build < signatures.first_build) then excluded.first_build else signatures.first_build end`,
            first_date: sql`case when excluded.first_date < signatures.first_date then excluded.first_date else signatures.first_date end`,
          }),
        )
        .execute();
    }
  }

  /** What is known of those signatures. */
  async get(signatures: readonly string[]): Promise<FirstSeen[]> {
    const found: FirstSeen[] = [];
    for (const batch of inBatches([...new Set(signatures)])) {
      const rows = await this.#db
        .selectFrom("signatures")
        .selectAll()
        .where("signature", "in", batch)
        .orderBy("signature")
        .execute();
      found.push(
        ...rows.map((row) => ({
          signature: row.signature,
          firstBuild: row.first_build,
          firstDate: row.first_date,
        })),
      );
    }
    return found;
  }
}

/** One statement may not touch a row twice. */
function earliestOfEach(seen: readonly FirstSeen[]): FirstSeen[] {
  const earliest = new Map<string, FirstSeen>();
  for (const one of seen) {
    // No text of PostgreSQL holds a null character.
    const signature = one.signature.replaceAll("\0", "");
    const known = earliest.get(signature);
    earliest.set(signature, {
      signature,
      firstBuild: earlier(known?.firstBuild ?? "", one.firstBuild),
      firstDate: earlier(known?.firstDate ?? "", one.firstDate),
    });
  }
  return [...earliest.values()];
}

const earlier = (a: string, b: string): string => (a === "" || (b !== "" && b < a) ? b : a);
