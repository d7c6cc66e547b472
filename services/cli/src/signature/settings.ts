import { declareSettings, sharedSettings } from "@mayday/config";

/** What the commands about signatures take from the environment, so that they do as the pipeline does. */
export const signatureSettings = declareSettings("SIGNATURE_", {
  SIGNATURE_LISTS: sharedSettings.SIGNATURE_LISTS,
  SIGNATURE_SWITCHES: sharedSettings.SIGNATURE_SWITCHES,
  MAYDAY_DATA_DIR: sharedSettings.MAYDAY_DATA_DIR,
});
