import uPlot from "uplot";

/** Draws the plots of a page that has places for them: the page is whole without. */

interface Figures {
  readonly names: readonly string[];
  /** Seconds. */
  readonly times: number[];
  readonly [figure: string]: unknown;
}

const HEIGHT = 160;
const colours = ["--win", "--accent", "--and", "--lin", "--warn", "--bar", "--good", "--mac"];

for (const section of document.querySelectorAll<HTMLElement>("[data-plots]")) void draw(section);

async function draw(section: HTMLElement): Promise<void> {
  const answer = await fetch(section.dataset["plots"] ?? "");
  if (!answer.ok) return;
  const figures = (await answer.json()) as Figures;
  // A line needs two points.
  if (figures.times.length < 2) {
    for (const place of section.querySelectorAll("[data-plot]"))
      place.textContent = "Plots begin with the second minute.";
    return;
  }
  for (const place of section.querySelectorAll<HTMLElement>("[data-plot]")) {
    drawOne(place, figures, figures[place.dataset["plot"] ?? ""] as number[][]);
  }
}

function drawOne(place: HTMLElement, { names, times }: Figures, values: readonly number[][]): void {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  // Queues that were empty all the time are not drawn: their lines would hide each other.
  const busy = names
    .map((name, index) => ({ name, line: values[index] ?? [], index }))
    .filter(({ line }) => line.some((value) => value > 0));
  const axis = {
    stroke: colour("--quiet"),
    grid: { stroke: colour("--grid"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui",
  };
  const options: uPlot.Options = {
    width: Math.max(200, place.clientWidth),
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
    axes: [
      { ...axis, values: (_plot, ticks) => ticks.map((tick) => label(tick, times)) },
      { ...axis, size: 48 },
    ],
    scales: { y: { range: (_plot, _least, most) => [0, Math.max(1, most * 1.1)] } },
    series: [
      {
        label: "UTC",
        value: (_plot, seconds) =>
          seconds === null ? "–" : new Date(seconds * 1000).toISOString().slice(5, 16).replace("T", " "),
      },
      ...busy.map(({ name, index }) => ({
        label: name,
        stroke: colour(colours[index % colours.length]!),
        width: 1.5,
      })),
    ],
  };
  place.replaceChildren();
  const plot = new uPlot(options, [times, ...busy.map(({ line }) => line)], place);
  place.setAttribute("role", "img");
  place.setAttribute(
    "aria-label",
    busy.length === 0
      ? "All queues were empty."
      : busy.map(({ name, line }) => `${name}: up to ${Math.round(Math.max(...line))}`).join(", "),
  );
  new ResizeObserver(() => plot.setSize({ width: Math.max(200, place.clientWidth), height: HEIGHT })).observe(
    place,
  );
}

/** A moment of an axis, UTC: with its day where the axis spans several. */
function label(seconds: number, times: readonly number[]): string {
  const text = new Date(seconds * 1000).toISOString();
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return span > 2 * 86_400 ? text.slice(5, 10) : text.slice(11, 16);
}
