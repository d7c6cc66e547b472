import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { transformSync } from "amaro";

/** A script as browsers get it. Its address changes with its text, so that they may keep it for good. */
export interface Script {
  readonly text: string;
  readonly path: string;
}

const scriptOf = (name: string, text: string): Script => {
  const version = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return { text, path: `/static/${name}-${version}.js` };
};

/** One of our modules, types stripped with the stripper that Node has built in, without its warning. */
function ownModule(name: string, imports: Readonly<Record<string, Script>> = {}): Script {
  const source = readFileSync(new URL(`../browser/${name}.ts`, import.meta.url), "utf8");
  const { code } = transformSync(source, { mode: "strip-only" });
  const text = Object.entries(imports).reduce(
    (all, [bare, { path }]) => all.replaceAll(`from "${bare}"`, `from "${path}"`),
    code,
  );
  return scriptOf(name, text);
}

const libraryFile = (name: string) => readFileSync(createRequire(import.meta.url).resolve(name), "utf8");

/** uPlot's small form declares a variable: as a module it exports it. */
const uplot = scriptOf("uplot", `${libraryFile("uplot/dist/uPlot.iife.min.js")}\nexport default uPlot;\n`);

/** The script of every page. */
export const script = ownModule("page");
/** Draws plots where a page has places for them. */
export const plotsScript = ownModule("plots", { uplot });

/** Brings parts of a page that are loaded once it is there. */
export const fragmentsScript = ownModule("fragments");

export const allScripts: readonly Script[] = [script, plotsScript, fragmentsScript, uplot];
/** What uPlot needs of the stylesheet. */
export const uplotStyle = libraryFile("uplot/dist/uPlot.min.css");
