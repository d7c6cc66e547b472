import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePeers } from "../peers.ts";
import { crashIdIn, eventually, type Pipeline, processedCrash } from "../system/pipeline.ts";
import { demoAnnotations, demoDump, postForm } from "../system/submit.ts";
import { type Check, must } from "./check.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));

const columns = ["uuid", "product", "version", "signature"].map((name) => `--_columns=${name}`);
const dated = ["--_columns=date", "--_columns=build_id", "--_columns=uptime", "--_columns=crash_report_keys"];

/** What the tools' README shows, and each option and format of its commands. */
const searches: readonly (readonly string[])[] = [
  ["supersearch", "--num=10", "--product=Teapot"],
  ["supersearch", "--num=all", "--product=Teapot", "--_sort=uuid"],
  ["supersearch", "--signature=~teapot", ...columns, "--_sort=uuid"],
  ["supersearch", "--product=Teapot", "--num=3", ...dated],
  ["supersearch", "--product=Kettle"],
  ["supersearch", "--date=>=2020-01-01", "--date=<2020-01-02"],
  ...["tab", "csv", "markdown", "json"].flatMap((format) => [
    ["supersearch", `--format=${format}`, "--headers", "--_sort=uuid", ...columns],
    ["supersearch", `--format=${format}`, "--no-headers", "--_sort=uuid", ...columns],
  ]),
  [
    "supersearch",
    "--supersearch-url=http://localhost/search/?product=Teapot&_facets=version&_sort=-uuid",
    "--num=2",
  ],
  ...["tab", "csv", "markdown", "json", "raw"].flatMap((format) => [
    ["supersearchfacet", "--_facets=product", "--_facets=version", `--format=${format}`],
    ["supersearchfacet", "--_facets=signature", "--leftover-count", "--_facets_size=1", `--format=${format}`],
    ["supersearchfacet", "--_facets=_cardinality.version", `--format=${format}`],
    ["supersearchfacet", "--_aggs.product=release_channel", `--format=${format}`],
    ["supersearchfacet", "--_aggs.product.version=_cardinality.install_time", `--format=${format}`],
    ["supersearchfacet", "--_histogram.date=product", "--relative-range=1w", `--format=${format}`],
    [
      "supersearchfacet",
      "--_histogram.date=release_channel",
      "--leftover-count",
      "--denote-weekends",
      `--format=${format}`,
    ],
  ]),
  [
    "supersearchfacet",
    "--supersearch-url=http://localhost/search/?product=Teapot",
    "--_facets=version",
    "--format=csv",
  ],
  [
    "supersearchfacet",
    "--start-date=2026-01-01",
    "--end-date=2026-01-10",
    "--_facets=product",
    "--format=json",
  ],
];

/** Tables are as wide as a terminal and framed in each tool's way: their cells are compared. */
const tables: readonly (readonly string[])[] = [
  ["supersearch", "--format=table", "--headers", "--_sort=uuid", "--_columns=uuid", "--_columns=product"],
  ["supersearchfacet", "--_facets=product"],
  ["supersearchfacet", "--_histogram.date=product", "--leftover-count"],
];

/** Mozilla's own command-line tools, and ours of the same names, ask the same and print the same. */
export function crashstatsToolsCheck(pipeline: () => Pipeline, dataDir: string): Check {
  return {
    name: "crashstats-tools",
    needs: ["/usr/bin/python3"],
    async run() {
      must(ensurePeers(["supersearch"]), "crashstats-tools cannot be installed");
      const folder = mkdtempSync(join(tmpdir(), "mayday-tools-"));
      try {
        const ids = await submitSome(pipeline());
        const token = await tokenOf(dataDir);
        const both = async (args: readonly string[], input = "") => {
          const [command, ...rest] = args as [string, ...string[]];
          const host = `--host=${pipeline().webapp}`;
          const theirs = run(command, [host, ...rest], token, input);
          const ours = run(
            join(repository, "services/cli/bin/mayday"),
            [command, host, ...rest],
            token,
            input,
          );
          return Promise.all([theirs, ours]);
        };
        for (const args of searches) {
          const [theirs, ours] = await both(args);
          must(comparable(args, theirs) === comparable(args, ours), different(args, theirs, ours));
        }
        for (const args of tables) {
          const [theirs, ours] = await both(args);
          must(cellsOf(theirs) === cellsOf(ours), different(args, theirs, ours));
        }
        for (const [i, options] of fetches.entries()) {
          const [theirs, ours] = [join(folder, `theirs-${i}`), join(folder, `ours-${i}`)];
          const host = `--host=${pipeline().webapp}`;
          const input = i === 0 ? `${ids.join("\n")}\n` : "";
          const named = i === 0 ? [] : ids;
          await run("fetch-data", [host, ...options, theirs, ...named], token, input);
          const mayday = join(repository, "services/cli/bin/mayday");
          await run(mayday, ["fetch-data", host, ...options, ours, ...named], token, input);
          must(filesOf(theirs).length > 0, `fetch-data ${options.join(" ")} fetched nothing`);
          must(
            JSON.stringify(filesOf(theirs)) === JSON.stringify(filesOf(ours)),
            `fetch-data ${options.join(" ")} fetched something else`,
          );
        }
        const reprocessed = await run("reprocess", [`--host=${pipeline().webapp}`, ...ids], token, "");
        must(!/error/i.test(reprocessed), `reprocess: ${reprocessed}`);
        return `${searches.length + tables.length} searches and ${fetches.length} fetches print and fetch the same as ours; reprocess works`;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

const fetches: readonly (readonly string[])[] = [
  ["--raw", "--no-dumps", "--no-processed"],
  ["--no-raw", "--no-dumps", "--processed"],
  ["--raw", "--dumps", "--processed", "--workers=3", "--stats"],
  ["--raw", "--no-overwrite", "--no-stats"],
];

async function submitSome({ collector, webapp }: Pipeline): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    const annotations = {
      ...demoAnnotations(),
      Version: `1.${i % 2}`,
      ReleaseChannel: i % 2 ? "beta" : "release",
    };
    const { text } = await postForm(collector, annotations, { upload_file_minidump: demoDump() });
    ids.push(crashIdIn(text));
  }
  for (const id of ids) await processedCrash(webapp, id);
  await eventually("all are indexed", async () => {
    const found = await Promise.all(
      ids.map(
        async (id) =>
          (await fetch(`${webapp}/api/SuperSearch/?uuid=${id}`)).json() as Promise<{ total: number }>,
      ),
    );
    return found.every(({ total }) => total === 1) ? true : undefined;
  });
  return ids;
}

/** A token for all that the tools do. */
function tokenOf(dataDir: string): Promise<string> {
  const permissions = "view_pii,view_rawdump,reprocess_crashes";
  const mayday = join(repository, "services/cli/bin/mayday");
  return run(mayday, ["tokens", "create", `--permissions=${permissions}`], "", "", {
    MAYDAY_DATA_DIR: dataDir,
  });
}

/** What a program prints. */
function run(
  program: string,
  args: readonly string[],
  token: string,
  input: string,
  more: NodeJS.ProcessEnv = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, COLUMNS: "1000", CRASHSTATS_API_TOKEN: token.trim(), ...more };
    const child = spawn(program, args, { env, stdio: ["pipe", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${program} ${args.join(" ")} ended with ${code}: ${stderr}${stdout}`));
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** JSON as its value. The tools cut a day's midnight off only where it is written `+00:00`; ours does so with `Z` too. */
function comparable(args: readonly string[], output: string): string {
  if (args.includes("--format=raw")) return JSON.stringify(JSON.parse(output));
  const days = output.replaceAll("T00:00:00Z", "");
  return args.includes("--format=json") ? JSON.stringify(JSON.parse(days)) : days;
}

const cellsOf = (table: string): string =>
  table
    .replaceAll("T00:00:00Z", "")
    .split("\n")
    .filter((line) => !/^[\s|:━┃│┼╇-]*$/u.test(line))
    .map((line) =>
      line
        .split(/[|│┃]/u)
        .map((cell) => cell.trim())
        .filter((cell) => cell !== "")
        .join("|"),
    )
    .join("\n");

const different = (args: readonly string[], theirs: string, ours: string): string =>
  `${args.join(" ")} prints\n${theirs.slice(0, 600)}\nand ours\n${ours.slice(0, 600)}`;

/** Every file of a folder, with what is in it. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const bytes = readFileSync(path);
      // JSON of Python has other spaces, and its letters beyond ASCII are escaped.
      const isJson = bytes[0] === 0x7b || bytes[0] === 0x5b;
      const text = isJson ? JSON.stringify(JSON.parse(bytes.toString("utf8"))) : bytes.toString("base64");
      return `${path.slice(folder.length)} ${text}`;
    })
    .sort();
}
