import { html } from "ghtml";
import { stylesheet } from "./stylesheet.ts";

export interface Page {
  /** Without the name of the project, which is added. */
  readonly title: string;
  /** HTML. */
  readonly main: string;
  /** Loads the page again after this many seconds. */
  readonly refreshSeconds?: number;
}

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='3' fill='%23b3402e'/%3E%3Cpath d='M3 8h2l2-4 2 8 2-4h2' fill='none' stroke='white' stroke-width='1'/%3E%3C/svg%3E";

/** A whole page: what all have around their main part. */
export function layout({ title, main, refreshSeconds }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
!${refreshSeconds === undefined ? "" : html`<meta http-equiv="refresh" content="${refreshSeconds}">`}
<title>${title} · Mayday</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="${stylesheet.path}">
</head>
<body>
<header class="top">
<a class="home" href="/">Mayday</a>
<form action="/report/" method="get" role="search">
<label for="crash-id">Crash id</label>
<input id="crash-id" name="id" type="text" size="38" spellcheck="false" autocomplete="off" required
 placeholder="id, bp-id or a report’s address">
<button type="submit">Open</button>
</form>
</header>
<main>
!${main}
</main>
</body>
</html>
`;
}
