import { DuckDBInstance } from "@duckdb/node-api";
import { MaydayError } from "@mayday/errors";

/** A row of a file of usage. */
export interface UsageRow {
  readonly product: string;
  readonly version: string;
  readonly channel: string;
  readonly platform: string;
  readonly day: string;
  readonly hours: number;
  readonly users: number;
}

const OPTIONAL = ["version", "channel", "platform"] as const;

/**
 * Reads a file of usage, CSV with a head or Parquet, which its name's end tells. Version, channel, platform and users may
 * be absent.
 * @throws {MaydayError} FILE_UNREADABLE
 */
export async function readUsageRows(path: string): Promise<UsageRow[]> {
  const reader = path.endsWith(".parquet") ? "read_parquet" : "read_csv";
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const file = `'${path.replaceAll("'", "''")}'`;
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${reader}(${file})`);
    const there = new Set(described.getRows().map(([name]) => String(name)));
    const texts = OPTIONAL.map((name) => (there.has(name) ? `coalesce(${name}::VARCHAR, '')` : "''"));
    const users = there.has("users") ? "coalesce(users::DOUBLE, 0)" : "0::DOUBLE";
    const rows = await connection.runAndReadAll(
      `SELECT product::VARCHAR, ${texts.join(", ")}, strftime(day::DATE, '%Y-%m-%d'), hours::DOUBLE, ${users}
       FROM ${reader}(${file}) WHERE hours::DOUBLE >= 0`,
    );
    return rows.getRows().map(([product, version, channel, platform, day, hours, count]) => ({
      product: String(product),
      version: String(version),
      channel: String(channel),
      platform: String(platform),
      day: String(day),
      hours: Number(hours),
      users: Number(count),
    }));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new MaydayError("FILE_UNREADABLE", `${path}: ${why}`, { cause });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
