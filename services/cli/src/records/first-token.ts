import { permissions } from "@mayday/crash";
import { openRecords, type RecordsSettings } from "@mayday/records/open";

/** On the first start makes a token that may do everything. @returns it, to be shown once; undefined when there are tokens */
export async function firstToken(settings: RecordsSettings): Promise<string | undefined> {
  const records = await openRecords(settings);
  try {
    if ((await records.tokens.list()).length > 0) return undefined;
    const { text } = await records.tokens.create({
      permissions,
      owner: "administrator",
      note: "made at the first start",
    });
    return text;
  } finally {
    await records.close();
  }
}
