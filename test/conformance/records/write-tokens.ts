import { openRecords } from "../../../packages/records/src/open/index.ts";

/** Makes tokens, many at a time, and prints each as soon as the database has said that it is there; until it is killed. */
const AT_ONCE = 8;
const [MAYDAY_DATA_DIR = "", DATABASE_URL = ""] = process.argv.slice(2);
const { tokens } = await openRecords({ MAYDAY_DATA_DIR, DATABASE_URL });
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (;;) {
      const { text } = await tokens.create({ permissions: ["view_pii"], owner: "me" });
      process.stdout.write(`${text}\n`);
    }
  }),
);
