import { crashingFrames } from "../json-dump.ts";
import { type Rule, text } from "../rule.ts";

/** Tells hangs from crashes. */
export const reportType: Rule = {
  name: "ReportType",
  act({ raw, processed }) {
    const isHang =
      text(raw, "ipc_channel_error") !== undefined ||
      text(raw, "AsyncShutdownTimeout") !== undefined ||
      crashingFrames(processed).some((frame) => frame.function?.includes("RunWatchdog"));
    processed.report_type = isHang ? "hang" : "crash";
  },
};
