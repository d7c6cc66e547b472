/** What makes every page quicker to use; each page is whole without it. */

const quick = document.querySelector<HTMLInputElement>("#quick");

/** Rows that `j` and `k` go through: the links of a page's main table. */
const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("main tbody a[href]")];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "/") {
    quick?.focus();
    event.preventDefault();
  } else if (event.key === "?") {
    const keys = document.querySelector<HTMLDialogElement>("dialog#keys");
    if (keys?.open === false) keys.showModal();
  } else if (event.key === "j" || event.key === "k") {
    const all = rows();
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[Math.max(0, at + (event.key === "j" ? 1 : -1))]?.focus();
  }
});

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, select, textarea") !== null;
}

// Buttons that copy are of use only where this runs.
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset["copy"] ?? "");
    button.textContent = "Copied";
    setTimeout(() => {
      button.textContent = label;
    }, 1500);
  });
}

// Only one choice is open at a time, and a click elsewhere closes it.
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll<HTMLDetailsElement>("details.chip[open]")) {
    if (!(event.target instanceof Node && open.contains(event.target))) open.open = false;
  }
});

// Pages that change by themselves bring what is new without a reload; without scripts they are loaded again.
const seconds = Number(document.body.dataset["refresh"]);
if (seconds > 0) setTimeout(renew, seconds * 1000);

async function renew(): Promise<void> {
  const main = document.querySelector("main");
  // Nobody's hand is to be moved.
  const isInUse = main?.contains(document.activeElement) || document.hidden;
  const page = isInUse ? undefined : await freshPage();
  const next = page?.querySelector("main");
  if (main && page && next) {
    for (const kept of main.querySelectorAll("[data-plots]")) {
      next.querySelector("[data-plots]")?.replaceWith(kept);
    }
    main.replaceWith(document.adoptNode(next));
    if (page.body.dataset["refresh"] === undefined) return;
  }
  setTimeout(renew, seconds * 1000);
}

async function freshPage(): Promise<Document | undefined> {
  try {
    const answer = await fetch(location.href);
    // What was waited for is there: its page is another one, with scripts of its own.
    if (answer.ok && document.body.dataset["waits"] !== undefined && answer.status === 200) location.reload();
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return undefined;
  }
}
