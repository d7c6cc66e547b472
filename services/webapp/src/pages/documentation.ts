import { readFileSync } from "node:fs";
import { annotations, type Permission, permissions, permissionTitles, processedSchema } from "@mayday/crash";
import { html } from "ghtml";
import { Marked } from "marked";
import { layout } from "./layout.ts";
import { keysList } from "./parts/keys.ts";

/** A page of the documentation, by the last part of its address as Crash Stats has it. */
interface Chapter {
  readonly title: string;
  readonly says: string;
  readonly main: () => string;
}

/** What scrolls in itself can be reached by keyboard. */
const WIDE = `<div class="wide" tabindex="0" role="group" aria-label="Table">`;
const docs = new URL("../../../../docs/", import.meta.url);

/** A file of the project's documentation. Links between the files lead to the pages made of them. */
function fileChapter(file: string): string {
  const marked = new Marked({ gfm: true, async: false });
  const text = readFileSync(new URL(file, docs), "utf8");
  const body = marked.parse(text) as string;
  return body
    .replaceAll("<th></th>", "<td></td>")
    .replaceAll("<table>", `${WIDE}<table>`)
    .replaceAll("</table>", "</table></div>")
    .replaceAll(/ (align|style)="[^"]*"/g, "")
    .replaceAll(/href="(?:\.\/)?([a-z]+)\.md(#[^"]*)?"/g, (_, name: string, part = "") => {
      const known = Object.entries(files).find(([, of]) => of === `${name}.md`);
      return known === undefined ? `href="/documentation/"` : `href="/documentation/${known[0]}/${part}"`;
    })
    .replaceAll(/href="(?!\/|#|https?:)[^"]*"/g, `href="/documentation/"`);
}

const files: Readonly<Record<string, string>> = {
  supersearch: "search.md",
  clients: "clients.md",
  collector: "collector.md",
  processing: "processing.md",
  operate: "operate.md",
  errors: "errors.md",
  config: "config.md",
  metrics: "metrics.md",
};

const chapters: Readonly<Record<string, Chapter>> = {
  supersearch: {
    title: "Search guide",
    says: "The search language: operators, facets, histograms, with examples.",
    main: () => fileChapter(files["supersearch"]!),
  },
  datadictionary: {
    title: "Data dictionary",
    says: "Every annotation and every field of a processed crash: what it is, who may see it.",
    main: dictionary,
  },
  protected_data_access: {
    title: "Who may see what",
    says: "What is protected, which permission shows it, and what is noted of a look.",
    main: protectedData,
  },
  clients: {
    title: "Sending crashes",
    says: "How clients submit reports: Crashpad, Breakpad, Firefox, Unreal, curl.",
    main: () => fileChapter(files["clients"]!),
  },
  collector: {
    title: "The collector",
    says: "What is taken, what is refused, and in which words.",
    main: () => fileChapter(files["collector"]!),
  },
  processing: {
    title: "Processing",
    says: "What becomes of a report: attempts, healing, bulk jobs.",
    main: () => fileChapter(files["processing"]!),
  },
  operate: {
    title: "Operating",
    says: "Running it: what to look at, what to do when something is away.",
    main: () => fileChapter(files["operate"]!),
  },
  config: {
    title: "Settings",
    says: "Every setting, its default and what it does.",
    main: () => fileChapter(files["config"]!),
  },
  errors: { title: "Errors", says: "Every error code.", main: () => fileChapter(files["errors"]!) },
  metrics: {
    title: "Metrics",
    says: "Every figure that the services tell.",
    main: () => fileChapter(files["metrics"]!),
  },
};

const made = new Map<string, string>();

/** A page of the documentation; undefined where there is none of that name. */
export function documentationPage(name: string): string | undefined {
  const chapter = Object.hasOwn(chapters, name) ? chapters[name] : undefined;
  if (chapter === undefined) return undefined;
  const known = made.get(name) ?? page(chapter);
  made.set(name, known);
  return known;
}

function page({ title, main }: Chapter): string {
  return layout({
    title,
    section: "/documentation/",
    main: html`<article class="prose"><p class="hint"><a href="/documentation/">Documentation</a></p>!${main()}</article>`,
  });
}

/** What there is to read. */
export function documentationIndex(): string {
  const row = ([name, { title, says }]: [string, Chapter]) =>
    html`<li><a href="/documentation/${name}/"><b>${title}</b></a><br>${says}</li>`;
  return layout({
    title: "Documentation",
    section: "/documentation/",
    main: html`<article class="prose"><h1>Documentation</h1><ul class="chapters">!${Object.entries(chapters).map(row)}<li><a href="/api/"><b>API</b></a><br>What scripts may ask: that of Crash Stats, its clients work unchanged.</li></ul>
<h2>Keys</h2>!${keysList()}</article>`,
  });
}

function dictionary(): string {
  const sees = (visibility: string) => (visibility === "public" ? "anybody" : "protected");
  const annotation = ([name, { visibility, description }]: [
    string,
    { readonly visibility: string; readonly description: string },
  ]) => html`<tr><td class="sig">${name}</td><td>${sees(visibility)}</td><td>${description}</td></tr>`;
  const field = ([name, { visibility, type, description }]: [
    string,
    { readonly visibility: string; readonly type: string; readonly description: string },
  ]) =>
    html`<tr><td class="sig">${name}</td><td>${type}</td><td>${sees(visibility)}</td><td>${description}</td></tr>`;
  return html`<h1>Data dictionary</h1><p>What clients say of a crash, and what processing makes of it. A name that stands in neither table is kept and protected.</p>
<h2>Fields of processed crashes</h2>!${WIDE}<table><thead><tr><th scope="col">Field</th><th scope="col">Type</th><th scope="col">Seen by</th><th scope="col">What it is</th></tr></thead><tbody>!${Object.entries(processedSchema).map(([name, of]) => field([name, of]))}</tbody></table></div>
<h2>Annotations</h2>!${WIDE}<table><thead><tr><th scope="col">Annotation</th><th scope="col">Seen by</th><th scope="col">What it is</th></tr></thead><tbody>!${Object.entries(annotations).map(([name, of]) => annotation([name, of]))}</tbody></table></div>`;
}

function protectedData(): string {
  const row = (permission: Permission) =>
    html`<tr><td><code>${permission}</code></td><td>${permissionTitles[permission]}</td></tr>`;
  return html`<h1>Who may see what</h1>
<p>A crash report may hold what somebody typed, where they were on the web, and what their program’s memory held. That is protected: nobody sees it without a permission, neither on a page nor in an answer of the API, and one place in the code decides for both. <a href="/documentation/datadictionary/">The data dictionary</a> says of every field whether it is protected; a field that nobody has described is.</p>
<p>Who looks at a report, a raw crash, a dump or comments with a permission leaves a line in the audit log: who, what, when. <code>mayday audit</code> shows it.</p>
<h2>Permissions</h2><p>They come with a token, or with the groups of whoever logs in. <a href="/profile/">Your account</a> says which you have.</p>
!${WIDE}<table><thead><tr><th scope="col">Permission</th><th scope="col">What it allows</th></tr></thead><tbody>!${permissions.map(row)}</tbody></table></div>
<h2>What to keep in mind</h2><ul><li>Do not put protected data into bugs, chats or documents that others can read.</li><li>Delete minidumps when you are done with them; <code>mayday minidump sanitize</code> makes one that is safe to share.</li><li>Links to reports are safe: each reader sees what their own permissions show.</li></ul>`;
}
