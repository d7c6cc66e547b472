/** One line of a table, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

const WHITE: Readonly<Record<string, string>> = { "\t": "\\t", "\r": "\\r", "\n": "\\n" };

/** A value as a table shows it: on one line. What is absent is `None`, and a list is in brackets, as scripts expect it. */
export function cell(value: unknown): string {
  return textOf(value).replace(/[\t\r\n]/g, (one) => WHITE[one]!);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value))
    return `[${value.map((one) => (typeof one === "string" ? quoted(one) : textOf(one))).join(", ")}]`;
  return String(value);
}

const quoted = (text: string): string =>
  text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll("'", "\\'")}'`;

export const tableFormats = ["table", "tab", "csv", "markdown"] as const;
export type TableFormat = (typeof tableFormats)[number];

/** The lines of a table, without their ends. Of nothing there are none, but for a `table`'s head. */
export function tableLines(
  format: TableFormat,
  columns: readonly string[],
  rows: readonly Row[],
  hasHead: boolean,
): string[] {
  const cells = rows.map((row) => columns.map((name) => cell(row[name])));
  const head = hasHead && rows.length > 0 ? [columns.map(cell)] : [];
  switch (format) {
    case "tab":
      return [...head, ...cells].map((line) => line.join("\t") || "<no data>");
    case "csv":
      return [...head, ...cells].map((line) => line.map(csvCell).join(","));
    case "markdown": {
      const rule = head.map((line) => line.map((name) => "-".repeat(name.length)));
      const escaped = cells.map((line) => line.map((text) => text.replaceAll("|", "\\|")));
      return [...head, ...rule, ...escaped].map((line) => line.join(" | ") || "<no data>");
    }
    case "table": {
      const all = [columns.map(cell), ...cells];
      const widths = columns.map((_, i) => Math.max(...all.map((line) => line[i]!.length)));
      const lineOf = (line: readonly string[]): string =>
        `| ${line.map((text, i) => text.padEnd(widths[i]!)).join(" | ")} |`;
      const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
      return [...(hasHead ? [lineOf(columns), rule] : []), ...cells.map(lineOf)];
    }
  }
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
