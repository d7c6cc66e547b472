import { declareSettings, sharedSettings } from "@mayday/config";
import { z } from "zod";

/** How commands find a running Mayday. */
export const webappClientSettings = declareSettings("MAYDAY_", {
  MAYDAY_DATA_DIR: sharedSettings.MAYDAY_DATA_DIR,
  DATABASE_URL: sharedSettings.DATABASE_URL,
  MAYDAY_URL: z.string().default("").describe("Address of the service that commands ask; `up` does not."),
  MAYDAY_TOKEN: z.string().default("").meta({ secret: true }).describe("Token of commands that need one."),
});
