import { openRecords } from "../../../packages/records/src/open/index.ts";

/**
 * Makes tokens, each with a saved search of its owner's, many at a time, and prints a token as soon as the database has
 * said that both are there; until it is killed.
 */
const AT_ONCE = 8;
const [MAYDAY_DATA_DIR = "", DATABASE_URL = ""] = process.argv.slice(2);
const { tokens, searches } = await openRecords({ MAYDAY_DATA_DIR, DATABASE_URL });
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (;;) {
      const { text } = await tokens.create({ permissions: ["view_pii"], owner: "me" });
      const search = {
        owner: text,
        ownerName: "me",
        name: "brewing",
        query: "product=Teapot",
        isShared: false,
      };
      await searches.save(search);
      process.stdout.write(`${text}\n`);
    }
  }),
);
