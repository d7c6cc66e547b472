import { html } from "ghtml";
import { keysList } from "./parts/keys.ts";
import { type Script, script } from "./scripts.ts";
import { stylesheet } from "./stylesheet.ts";

export interface Page {
  /** Without the name of the project, which is added. */
  readonly title: string;
  /** HTML. */
  readonly main: string;
  /** Which part of the pages it belongs to. */
  readonly section?: SectionPath;
  /** Brings what is new after this many seconds. */
  readonly refreshSeconds?: number;
  /** Whether the page stands in for another one, which comes as soon as it answers 200. */
  readonly isWaiting?: boolean;
  /** Scripts besides that of every page. */
  readonly scripts?: readonly Script[];
}

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='3' fill='%23b3402e'/%3E%3Cpath d='M3 8h2l2-4 2 8 2-4h2' fill='none' stroke='white' stroke-width='1'/%3E%3C/svg%3E";

/** The parts of the pages, by their addresses. */
const sections = {
  "/": "Home",
  "/topcrashers/": "Top crashers",
  "/search/": "Search",
  "/symbols/": "Symbols",
  "/ops/": "Operations",
  "/signatures/trial/": "Trial",
  "/api/": "API",
  "/documentation/": "Documentation",
} as const;

type SectionPath = keyof typeof sections | "/profile/";

/**
 * A whole page: what all have around their main part. It is shown once it is there to its end, where browsers can wait for
 * that: tables find their columns' widths anew with every row that comes.
 */
export function layout({ title, main, section, refreshSeconds, isWaiting, scripts = [] }: Page): string {
  const link = ([path, name]: [string, string]) =>
    html`<a href="${path}"!${path === section ? ` aria-current="page"` : ""}>${name}</a>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
!${refreshSeconds === undefined ? "" : html`<noscript><meta http-equiv="refresh" content="${refreshSeconds}"></noscript>`}
<title>${title} · Mayday</title>
<link rel="expect" href="#end" blocking="render">
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="${stylesheet.path}">
!${[script, ...scripts].map(({ path }) => html`<script type="module" src="${path}"></script>`)}
</head>
<body!${refreshSeconds === undefined ? "" : html` data-refresh="${refreshSeconds}"`}!${isWaiting ? " data-waits" : ""}>
<a class="skip" href="#main">To the page’s content</a>
<header class="top">
<a class="home" href="/">Mayday</a>
<nav aria-label="Pages">!${Object.entries(sections).map(link)}</nav>
<form action="/search/quick/" method="get" role="search">
<label class="unseen" for="quick">Crash id, report address or signature</label>
<span class="quick"><input id="quick" name="query" type="text" spellcheck="false" autocomplete="off" required
 placeholder="Crash id, report address or signature"><kbd aria-hidden="true">/</kbd></span>
<button type="submit">Open</button>
</form>
<a class="account" href="/profile/"!${section === "/profile/" ? ` aria-current="page"` : ""}>Account</a>
</header>
<main id="main">
!${main}
</main>
<dialog id="keys" aria-labelledby="keys-head">
<h2 id="keys-head">Keys</h2>
!${keysList()}
<form method="dialog"><button type="submit">Close</button></form>
</dialog>
<span id="end" hidden></span>
</body>
</html>
`;
}
