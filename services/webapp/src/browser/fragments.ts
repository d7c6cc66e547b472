/** Brings the parts of a page that it is shown without: each has a link that leads to the same. */

/** How far from being seen a part is when it begins to load. */
const AHEAD = "600px";

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || !(target instanceof HTMLElement)) continue;
      watcher.unobserve(target);
      void bring(target, target.dataset["fragment"] ?? "");
    }
  },
  { rootMargin: AHEAD },
);

for (const place of document.querySelectorAll<HTMLElement>("[data-fragment]")) {
  watcher.observe(place);
  // Forms within a part change that part alone.
  place.addEventListener("submit", (event) => {
    if (!(event.target instanceof HTMLFormElement) || event.target.method !== "get") return;
    event.preventDefault();
    const chosen = [...new FormData(event.target)].map(([name, value]) => [name, String(value)]);
    void bring(place, `${event.target.getAttribute("action")}?${new URLSearchParams(chosen)}`);
  });
}

/** Puts what stands at an address under the same id into a place. Where it does not come, what is there stays. */
async function bring(place: HTMLElement, address: string): Promise<void> {
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.getElementById(place.id);
    if (answer.ok && part !== null) {
      const focused = place.contains(document.activeElement) ? document.activeElement?.id : undefined;
      place.replaceChildren(...part.childNodes);
      if (focused) document.getElementById(focused)?.focus();
    }
  } catch {
    // The link is still there.
  }
  place.removeAttribute("aria-busy");
}
