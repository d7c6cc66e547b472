/** Which way imports may point. Each comment says what to do instead. */
const pure = "^packages/(errors|crash|config|lock|minidump|symbols|stackwalk|signature|throttle)/";

/** Packages that one package may import, besides npm's. */
const allowed = {
  errors: [],
  crash: ["errors"],
  config: [],
  lock: [],
  minidump: [],
  symbols: ["crash", "errors", "lock"],
  signature: ["crash", "errors"],
  throttle: ["crash", "errors"],
  stackwalk: ["crash", "minidump"],
  storage: ["crash", "errors"],
  queue: ["crash", "errors"],
  search: ["crash", "errors"],
  observability: ["lock"],
  service: ["config", "lock", "observability"],
  records: ["crash", "errors", "lock"],
};

export default {
  forbidden: [
    ...Object.entries(allowed).map(([name, others]) => ({
      name: `${name}-looks-only-downward`,
      comment: `packages/${name} may import ${others.join(", ") || "no other package"}. What it needs from elsewhere it declares as a type of its own and is given as an argument; services bring the two together.`,
      severity: "error",
      // Tests may bring packages together, as services do.
      from: { path: `^packages/${name}/`, pathNot: ["\\.test\\.ts$", "/test-support/"] },
      to: { path: "^packages/", pathNot: `^packages/(${[name, ...others].join("|")})/` },
    })),
    {
      name: "packages-know-no-service",
      comment: "Move what both need into a package, or give it to the package as an argument.",
      severity: "error",
      from: { path: "^packages/" },
      to: { path: "^services/" },
    },
    {
      name: "services-do-not-import-each-other",
      comment:
        "Services meet in storage and queues. Move shared code into a package; only the cli starts services.",
      severity: "error",
      from: { path: "^services/([^/]+)/", pathNot: "^services/cli/" },
      to: { path: "^services/", pathNot: "^services/$1/" },
    },
    {
      name: "one-face",
      comment: "Import the package by its name; if its index.ts lacks something, export it there on purpose.",
      severity: "error",
      from: { path: "^(packages|services)/([^/]+)/" },
      to: {
        path: "^packages/([^/]+)/src/",
        pathNot: ["^$1/$2/", "/src/(index|conformance)\\.ts$", "/src/[^/]+/index\\.ts$"],
      },
    },
    {
      name: "adapters-only-in-main",
      comment: "Take the port (ObjectStore, SearchEngine …) as an argument; adapters are wired in main.ts.",
      severity: "error",
      from: {
        path: "^services/",
        pathNot: [
          "/(main|thread-main)\\.ts$",
          "^services/cli/src/(up/demo|sample/add-sample|records/first-token)\\.ts$",
          "\\.test\\.ts$",
          "/test-support/",
        ],
      },
      to: {
        path: "^packages/(records/src/open|storage/src/(fs|s3|gcs|open)|search/src/(duckdb|opensearch))/",
      },
    },
    {
      name: "pure-middle",
      comment:
        "These packages take data and return data: network, queue and web frameworks stay at the edge.",
      severity: "error",
      from: { path: pure, pathNot: "\\.test\\.ts$" },
      to: { path: "^node_modules/(fastify|bullmq|ioredis|pino|piscina|@duckdb)/" },
    },
    {
      name: "no-cycles",
      comment: "Split the file: what both sides need goes into a third one.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "tests-are-not-imported",
      comment: "Move what is shared into a file that is no test.",
      severity: "error",
      from: { pathNot: "\\.test\\.ts$" },
      to: { path: "\\.test\\.ts$" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".mjs", ".js"],
    },
  },
};
