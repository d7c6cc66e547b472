import { execFileSync } from "node:child_process";

/** Licences under which what ships may be: they ask for no more than that the licence is kept with the code. */
const ALLOWED = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
]);

interface Component {
  readonly name: string;
  readonly version: string;
  readonly licenses?: readonly {
    readonly expression?: string;
    readonly license?: { id?: string; name?: string };
  }[];
}

/** The licences of all packages that ship, transitive ones too, from npm's bill of materials. */
const text = execFileSync("npm", ["sbom", "--sbom-format", "cyclonedx", "--omit", "dev"], {
  encoding: "utf8",
  maxBuffer: 1024 ** 3,
});
const { components } = JSON.parse(text) as { components: readonly Component[] };
const refused = components.filter((component) => !expressionsOf(component).some(isAllowed));
for (const component of refused) {
  const told = expressionsOf(component).join(", ") || "none that it tells";
  console.error(`${component.name} ${component.version}: its licence is ${told}`);
}
console.log(
  `${components.length - refused.length} of ${components.length} packages are under licences that are allowed`,
);
if (refused.length > 0) process.exit(1);

function expressionsOf({ licenses = [] }: Component): string[] {
  return licenses.flatMap(({ expression, license }) => expression ?? license?.id ?? license?.name ?? []);
}

/** An SPDX expression: one of its alternatives must be allowed as a whole. */
function isAllowed(expression: string): boolean {
  const alternatives = expression.replaceAll(/[()]/g, "").split(" OR ");
  return alternatives.some((all) => all.split(" AND ").every((one) => ALLOWED.has(one.trim())));
}
