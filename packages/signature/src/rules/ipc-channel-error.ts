import { listOf, textOf } from "../crash-data/json-value.ts";
import type { SignatureRule } from "./signature-rule.ts";

const MAX_CHARACTERS = 100;

/** A child was killed because it spoke wrongly to its parent: its stack does not matter, the error does. */
export const ipcChannelError: SignatureRule = {
  name: "SignatureIPCChannelError",
  apply({ crash }) {
    const error = textOf(crash.ipc_channel_error);
    if (error === undefined) return undefined;
    const inBrowser = listOf(crash.additional_minidumps).includes("upload_file_minidump_browser");
    // Code points: at most two units each.
    const start = Array.from(error.slice(0, 2 * MAX_CHARACTERS))
      .slice(0, MAX_CHARACTERS)
      .join("");
    return {
      signature: `IPCError-${inBrowser ? "browser" : "content"} | ${start}`,
      why: `an IPC channel error is given, ${inBrowser ? "with" : "without"} a dump of the browser`,
      notes: ["IPC Channel Error stomped on signature"],
    };
  },
};
