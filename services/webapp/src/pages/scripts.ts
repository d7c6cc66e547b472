import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { transformSync } from "amaro";

const source = readFileSync(new URL("../browser/page.ts", import.meta.url), "utf8");
// The stripper that Node has built in, without its warning.
const text = transformSync(source, { mode: "strip-only" }).code;
const version = createHash("sha256").update(text).digest("hex").slice(0, 12);

/** The one script, types stripped. Its address changes with its text, so that browsers may keep it for good. */
export const script = { text, path: `/static/page-${version}.js` } as const;
