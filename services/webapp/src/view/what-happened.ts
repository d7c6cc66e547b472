import type { AsRead, CrashInfoJson, ProcessedCrash, ProcessedFieldName } from "@mayday/crash";
import { shortHex } from "../pages/format.ts";
import { recordOf, textOf } from "../pages/stored-json.ts";

type AdjustedAddress = NonNullable<CrashInfoJson["adjusted_address"]>;

/** What happened, in words: a line, and a sentence or two on what that means. */
export interface WhatHappened {
  readonly title: string;
  readonly meaning: string;
}

/** Patterns that allocators leave in memory that is not in use. */
const poisons: readonly (readonly [pattern: RegExp, meaning: string])[] = [
  [/^0x(e5){3,}/, "memory that was freed (jemalloc fills it with e5)"],
  [/^0x(f0de7fff|f0de){1}/i, "memory that was freed (it is poisoned with f0de7fff)"],
  [/^0x(dd){3,}/, "memory that was freed (Windows' debug heap fills it with dd)"],
  [/^0x(cd){3,}/, "memory that nobody set (Windows' debug heap fills it with cd)"],
  [/^0x(5a){3,}/, "memory that was freed (it is filled with 5a)"],
];

/** Reads the crash as a person would say it. Every value may be of any type. */
export function whatHappened(processed: AsRead<ProcessedCrash>): WhatHappened {
  const text = (name: ProcessedFieldName) => textOf(processed[name]);
  const reason = text("reason");
  const process = text("process_type") === "" ? "The process" : `The ${text("process_type")} process`;
  const java = text("java_stack_trace");
  if (java !== "") {
    return {
      title: `Uncaught Java exception: ${java.split("\n")[0]}`,
      meaning: "No code caught the exception, and the system ended the process.",
    };
  }
  if (text("report_type") === "hang" || /^shutdownhang\b/.test(text("signature"))) {
    const step = text("shutdown_progress");
    return {
      title: "Hung, and was ended",
      meaning: `${process} did not get on${step === "" ? "" : ` while it shut down (${step})`}; it was ended on purpose, so that somebody learns of it.`,
    };
  }
  if (text("oom_allocation_size") !== "") {
    return {
      title: `Ran out of memory: could not get ${text("oom_allocation_size")} bytes`,
      meaning: `${process} ended itself because an allocation failed. Small ones fail when the machine, or the process's address space, is nearly full.`,
    };
  }
  const said = text("moz_crash_reason") || text("abort_message");
  if (said !== "") {
    return {
      title: `Stopped itself: ${said}`,
      meaning: "The code found a state it could not go on from and ended the process on purpose.",
    };
  }
  return faultOf(reason, text("address"), adjustedOf(processed), process);
}

function adjustedOf(processed: AsRead<ProcessedCrash>): AsRead<AdjustedAddress> {
  return recordOf(recordOf(recordOf(processed["json_dump"])["crash_info"])["adjusted_address"]);
}

/** What the reason says of how the address was touched. */
function touchOf(reason: string): readonly [verb: string, did: string] {
  if (/_WRITE\b/.test(reason)) return ["Write", "wrote to"];
  if (/_READ\b/.test(reason)) return ["Read", "read"];
  if (/_EXEC\b/.test(reason)) return ["Jump", "jumped to"];
  return ["Access", "used"];
}

function faultOf(
  reason: string,
  address: string,
  adjusted: AsRead<AdjustedAddress>,
  process: string,
): WhatHappened {
  const [verb, did] = touchOf(reason);
  if (adjusted["kind"] === "null-pointer") {
    const offset = shortHex(textOf(adjusted["offset"]));
    return {
      title: `${verb} through a null pointer, at null + ${offset}`,
      meaning: `${process} ${did} an address that is ${offset} behind null: something at that offset of an object that was not there.`,
    };
  }
  const poison = poisons.find(([pattern]) => pattern.test(address));
  if (poison !== undefined) {
    return {
      title: `${verb} through a pointer read from dead memory`,
      meaning: `${process} ${did} ${shortHex(address)}: that looks like ${poison[1]}.`,
    };
  }
  if (adjusted["kind"] === "non-canonical") {
    return {
      title: `${verb} through a pointer that is none`,
      meaning: `${process} ${did} ${shortHex(textOf(adjusted["address"]))}, which no pointer of this processor can be: memory was overwritten, or a value that is no pointer was taken for one.`,
    };
  }
  if (/STACK_OVERFLOW/.test(reason)) {
    return {
      title: "The stack was full",
      meaning: `${process} called functions deeper than its stack is; most often one that calls itself without end.`,
    };
  }
  if (/SIGABRT|EXC_CRASH|FAST_FAIL|BREAKPOINT|SIGTRAP/.test(reason)) {
    return {
      title: `Ended on purpose: ${reason}`,
      meaning: "The code, or a library it uses, found a state it could not go on from.",
    };
  }
  if (reason === "")
    return { title: "Nothing tells why it crashed", meaning: "The report says neither why nor where." };
  return {
    title: reason,
    meaning: address === "" ? `The system ended the process.` : `${process} ${did} ${shortHex(address)}.`,
  };
}
