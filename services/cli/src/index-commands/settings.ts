import { crashStoreSettings, declareSettings, searchSettings } from "@mayday/config";

/** Where crashes and the index are, so that the commands find those of the pipeline. */
export const indexSettings = declareSettings("SEARCH_", { ...crashStoreSettings, ...searchSettings });
