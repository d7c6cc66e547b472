/** A part of a form as a test writes it. */
export interface TestPart {
  readonly name?: string;
  readonly fileName?: string;
  readonly type?: string;
  readonly headers?: readonly string[];
  /** Text is written as Latin-1, so that a test can say any byte. */
  readonly content: string | Uint8Array;
}

export const BOUNDARY = "b1";

/** A multipart body with the boundary {@link BOUNDARY}. */
export function formOf(...parts: readonly TestPart[]): Buffer {
  const pieces = parts.flatMap(({ name, fileName, type, headers = [], content }) => {
    const disposition = ["form-data", ...(name === undefined ? [] : [`name="${name}"`])];
    if (fileName !== undefined) disposition.push(`filename="${fileName}"`);
    const all = [`Content-Disposition: ${disposition.join("; ")}`, ...headers];
    if (type !== undefined) all.push(`Content-Type: ${type}`);
    const bytes = typeof content === "string" ? Buffer.from(content, "latin1") : Buffer.from(content);
    return [Buffer.from(`--${BOUNDARY}\r\n${all.join("\r\n")}\r\n\r\n`), bytes, Buffer.from("\r\n")];
  });
  return Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

export const extra = (value: unknown): TestPart => ({
  name: "extra",
  fileName: "extra.json",
  type: "application/json",
  content: typeof value === "string" ? value : JSON.stringify(value),
});

export const dump = (name: string, content: string | Uint8Array = "MDMP"): TestPart => ({
  name,
  fileName: "x.dmp",
  type: "application/octet-stream",
  content,
});
