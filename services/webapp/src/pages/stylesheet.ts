import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { uplotStyle } from "./scripts.ts";

const text = uplotStyle + readFileSync(new URL("style.css", import.meta.url), "utf8");
const version = createHash("sha256").update(text).digest("hex").slice(0, 12);

/** The one stylesheet. Its address changes with its text, so that browsers may keep it for good. */
export const stylesheet = { text, path: `/static/style-${version}.css` } as const;
