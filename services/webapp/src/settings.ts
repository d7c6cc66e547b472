import { crashStoreSettings, declareSettings, list, port, sharedSettings } from "@mayday/config";
import { z } from "zod";
import { permissionNames } from "./permissions.ts";

export const webappSettings = declareSettings("WEBAPP_", {
  WEBAPP_PORT: port(8020).describe("Port of the webapp; 0 takes any free one."),
  WEBAPP_HOST: z.string().default("127.0.0.1").describe("Address the webapp listens on."),
  WEBAPP_PERMISSIONS: list()
    .pipe(z.array(z.enum(permissionNames)))
    .describe(
      `What every viewer may do, comma list of ${permissionNames.join(", ")}. There are no accounts: give nothing to a webapp that others than you can reach.`,
    ),
  WEBAPP_COLLECTOR_URL: z
    .url({ protocol: /^https?$/ })
    .default("http://127.0.0.1:8000")
    .describe("Address of the collector, as the start page tells people who want to submit a report."),
  ...crashStoreSettings,
  REDIS_URL: sharedSettings.REDIS_URL,
  SIGNATURE_LISTS: sharedSettings.SIGNATURE_LISTS,
  SIGNATURE_SWITCHES: sharedSettings.SIGNATURE_SWITCHES,
  LOG_LEVEL: sharedSettings.LOG_LEVEL,
  LOG_FILE: sharedSettings.LOG_FILE,
});
