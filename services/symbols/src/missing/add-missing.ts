import type { Missing, MissingModules, SymbolStorage } from "@mayday/storage";
import { symbolFilePath } from "@mayday/symbols";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { notThisMethod } from "../not-this-method.ts";
import { sendJson } from "../send-json.ts";

interface MissingParts {
  readonly missing: MissingModules;
  readonly regular: SymbolStorage;
  /** Keeps what it fetched. */
  readonly proxy: { readonly storage: SymbolStorage } | undefined;
}

const DEFAULT_ROWS = 100;
const MOST_ROWS = 1000;
const ROUTE = "/api/missing/";

/**
 * Adds `GET /api/missing/`: modules whose symbols were wanted and not there, most often missed first; `?product=`,
 * `?limit=` (100, at most 1000), `?format=csv`. What the store has meanwhile is left out.
 */
export function addMissing(server: FastifyInstance, parts: MissingParts): void {
  server.get(ROUTE, (request, reply) => answer(request, reply, parts));
  notThisMethod(server, ROUTE, ["GET"]);
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  { missing, regular, proxy }: MissingParts,
): Promise<FastifyReply> {
  const query = new URL(request.url, "http://localhost").searchParams;
  const limit = Number(query.get("limit") ?? DEFAULT_ROWS);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ROWS) {
    return sendJson(reply.code(400), { error: `limit must be a number from 1 to ${MOST_ROWS}` });
  }
  const product = query.get("product");
  const wanted = (await missing.list()).filter(({ products }) => product === null || product in products);
  const rows: Missing[] = [];
  for (const module of wanted) {
    if (rows.length === limit) break;
    const isThere = (await has(regular, module)) || (proxy && (await has(proxy.storage, module)));
    if (!isThere) rows.push(module);
  }
  reply.header("access-control-allow-origin", "*");
  if (query.get("format") === "csv") {
    return reply.type("text/csv; charset=utf-8").send(csvOf(rows));
  }
  return sendJson(reply, { modules: rows.map(jsonOf), total: wanted.length });
}

async function has(storage: SymbolStorage, module: Missing): Promise<boolean> {
  const path = symbolFilePath(module);
  return path !== undefined && (await storage.has(path));
}

function jsonOf({
  debugFile,
  debugId,
  codeFile,
  codeId,
  count,
  firstSeen,
  lastSeen,
  products,
  askedBy,
}: Missing) {
  return {
    debug_file: debugFile,
    debug_id: debugId,
    code_file: codeFile,
    code_id: codeId,
    count,
    first_seen: firstSeen,
    last_seen: lastSeen,
    products,
    asked_by: askedBy,
  };
}

const COLUMNS = [
  "debug_file",
  "debug_id",
  "code_file",
  "code_id",
  "count",
  "first_seen",
  "last_seen",
  "products",
  "asked_by",
] as const;

function csvOf(rows: readonly Missing[]): string {
  const lines = rows.map(jsonOf).map((row) => {
    const products = Object.entries(row.products).map(([product, count]) => `${product} ${count}`);
    const cells = { ...row, products: products.join("; "), asked_by: row.asked_by.join("; ") };
    return COLUMNS.map((column) => cell(String(cells[column]))).join(",");
  });
  return [COLUMNS.join(","), ...lines, ""].join("\r\n");
}

/** A cell that no spreadsheet takes for a formula: names come from anybody. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
