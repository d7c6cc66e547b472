/**
 * Every way a dump, or one stream of it, can be unreadable. The names are those of rust-minidump's reader,
 * because dashboards and log searches of crash pipelines already know them; `ReaderFault` is our own.
 *
 * `readMinidump` fails only with the first five; the others appear inside `Minidump.notes`.
 */
export const minidumpErrors = {
  MissingHeader: "the bytes end before the minidump header does",
  HeaderMismatch: "the bytes do not begin with the minidump signature",
  VersionMismatch: "the header's format version is not the minidump version",
  MissingDirectory: "the stream directory lies outside the bytes",
  MissingThreadList: "the ThreadList stream is absent or unreadable",
  StreamReadFailure: "the stream is too short for what it must hold, or lies outside the bytes",
  StreamSizeMismatch: "the stream's size disagrees with its own counts",
  DataError: "the stream's content is not of its documented form",
  ReaderFault: "a mistake in the reader of this stream",
} as const;

/** Stable name of an error: fit for logs and metric tags. */
export type MinidumpErrorName = keyof typeof minidumpErrors;

/** Why something could not be read. A plain value: it is returned, never thrown. */
export interface MinidumpError {
  readonly name: MinidumpErrorName;
  /** One line for a human: the catalogue's text, and the numbers that disagree where there are some. */
  readonly message: string;
}

/** Makes an error value; `detail` carries the numbers that disagree. */
export function minidumpError(name: MinidumpErrorName, detail?: string): MinidumpError {
  const says = minidumpErrors[name];
  return { name, message: detail === undefined ? says : `${says} (${detail})` };
}
