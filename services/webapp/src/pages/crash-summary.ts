import type { AsRead, ProcessedCrash, ProcessedFieldName } from "@mayday/crash";
import { html } from "ghtml";
import { duration, moment, shortHex } from "./format.ts";
import { recordOf, textOf } from "./stored-json.ts";

/** What is to know of a crash before its stack, HTML. Fields that the crash lacks are left out. */
export function crashSummary(processed: AsRead<ProcessedCrash>): string {
  const text = (name: ProcessedFieldName) => textOf(processed[name]);
  const rows: readonly (readonly [label: string, value: string])[] = [
    ["Reason", text("reason")],
    ["Address", address(processed)],
    ["MOZ_CRASH reason", text("moz_crash_reason")],
    ["Abort message", text("abort_message")],
    ["Allocation that failed", bytes(processed["oom_allocation_size"])],
    ["Inconsistencies", list(processed["crash_inconsistencies"])],
    ["Product", join(" ", text("product"), text("version"))],
    ["Build", join(", ", text("build"), text("release_channel"))],
    ["System", system(processed)],
    ["CPU", cpu(processed)],
    ["Process", join(", ", text("process_type"), text("remote_type"))],
    ["Type", text("report_type")],
    ["Uptime", seconds(processed["uptime"])],
    ["Time since install", seconds(processed["install_age"])],
    ["Time since last crash", seconds(processed["last_crash"])],
    ["Crashed", utc(text("client_crash_date"))],
    ["Submitted", utc(text("submitted_timestamp"))],
    ["Processed", utc(text("completed_datetime"))],
    ["Application notes", text("app_notes")],
    ["URL", text("url")],
    ["Comment", text("user_comments")],
  ];
  const shown = rows.filter(([, value]) => value !== "");
  return html`<dl class="summary">
!${shown.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}
</dl>`;
}

function address(processed: AsRead<ProcessedCrash>): string {
  const at = textOf(processed["address"]);
  const adjusted = recordOf(recordOf(recordOf(processed["json_dump"])["crash_info"])["adjusted_address"]);
  switch (adjusted["kind"]) {
    case "null-pointer":
      return `${at} (null pointer + ${shortHex(textOf(adjusted["offset"]))})`;
    case "non-canonical":
      return `${at} (non-canonical: ${textOf(adjusted["address"])})`;
    default:
      return at;
  }
}

function system(processed: AsRead<ProcessedCrash>): string {
  const pretty = textOf(processed["os_pretty_version"]);
  const name = textOf(processed["os_name"]);
  const exact = join(" ", name, textOf(processed["os_version"]));
  if (pretty === "" || pretty === name) return exact;
  return exact === "" ? pretty : `${pretty} (${exact})`;
}

function cpu(processed: AsRead<ProcessedCrash>): string {
  const count = processed["cpu_count"];
  const microcode = textOf(processed["cpu_microcode_version"]);
  return join(
    ", ",
    textOf(processed["cpu_arch"]),
    textOf(processed["cpu_info"]),
    typeof count === "number" && count > 0 ? `${count} cores` : "",
    microcode === "" ? "" : `microcode ${microcode}`,
  );
}

const join = (separator: string, ...parts: readonly string[]): string =>
  parts.filter((part) => part !== "").join(separator);
const seconds = (value: unknown): string => (typeof value === "number" ? duration(value) : textOf(value));
const utc = (text: string): string => (text === "" ? "" : `${moment(text)} UTC`);
const bytes = (value: unknown): string => (textOf(value) === "" ? "" : `${textOf(value)} bytes`);
const list = (value: unknown): string =>
  Array.isArray(value) ? value.map(textOf).join(", ") : textOf(value);
