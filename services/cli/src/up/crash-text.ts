import type { AsRead, ProcessedCrash } from "@mayday/crash";

const MAX_NAME = 100;

interface Place {
  readonly function?: string | null;
  readonly file?: string | null;
  readonly line?: number | null;
}

interface Frame extends Place {
  readonly frame?: number;
  readonly module?: string | null;
  readonly module_offset?: string | null;
  readonly offset?: string | null;
  readonly trust?: string;
  readonly inlines?: readonly Place[] | null;
}

/** A processed crash for the terminal: what crashed, why, and the stack of the crashing thread. */
export function crashText(processed: AsRead<ProcessedCrash>): string {
  const dump = processed["json_dump"] as { crashing_thread?: { frames?: Frame[]; threads_index?: number } };
  const thread = dump?.crashing_thread;
  const name = processed["crashing_thread_name"];
  return [
    `crash      ${processed["product"]} ${processed["version"]} on ${processed["os_pretty_version"]}`,
    `signature  ${processed["signature"]}`,
    `reason     ${processed["reason"]} at ${processed["address"]}`,
    `thread     ${thread?.threads_index ?? "?"}${name ? ` "${name}"` : ""}`,
    ...(thread?.frames ?? []).flatMap(frameLines),
  ].join("\n");
}

function frameLines(frame: Frame): string[] {
  const number = String(frame.frame ?? "").padStart(4);
  const inlined = (frame.inlines ?? []).map((place) => `${number}  ${placeText(place, "?")}  [inlined]`);
  const unnamed = `${frame.module ?? "?"} + ${frame.module_offset ?? frame.offset}`;
  return [...inlined, `${number}  ${placeText(frame, unnamed)}  [${frame.trust}]`];
}

function placeText({ function: name, file, line }: Place, unnamed: string): string {
  const source = file ? `  ${file.split("/").at(-1)}:${line ?? "?"}` : "";
  return `${shortened(name ?? unnamed)}${source}`;
}

/** Names of templates fill screens; their beginning tells what they are. */
function shortened(name: string): string {
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 1)}…`;
}
