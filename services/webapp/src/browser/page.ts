/** What makes every page quicker to use; each page is whole without it. */

const quick = document.querySelector<HTMLInputElement>("#quick");

/** Rows that `j` and `k` go through: the links of a page's main table. */
const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("main tbody a[href]")];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "/") {
    quick?.focus();
    event.preventDefault();
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
