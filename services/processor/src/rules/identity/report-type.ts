import { rule } from "../../rule.ts";
import { crashingFrames } from "../../stack/crashing-frames.ts";
import { recordOf, stringOf } from "../../values/json-records.ts";

/** Tells hangs from crashes: by what the client says of them, and by the watchdog of Firefox' shutdown. */
export const reportType = rule({
  name: "ReportTypeRule",
  reads: ["ipc_channel_error", "async_shutdown_timeout", "json_dump"],
  writes: ["report_type"],
  act({ processed }) {
    const isHang =
      processed.ipc_channel_error !== undefined ||
      processed.async_shutdown_timeout !== undefined ||
      crashingFrames(processed.json_dump).some((frame) =>
        stringOf(recordOf(frame)["function"])?.includes("RunWatchdog"),
      );
    processed.report_type = isHang ? "hang" : "crash";
  },
});
