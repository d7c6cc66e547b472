export { ConfigError } from "./config-error.ts";
export { type Row, settingRows } from "./describe.ts";
export { maskedSettings, withoutPassword } from "./mask.ts";
export { checkSettings, readSettings } from "./read.ts";
export { flag, links, list, megabytes, milliseconds, passwordWithin, port, secret } from "./setting-types.ts";
export { declareSettings, type Settings, type SettingsDeclaration } from "./settings.ts";
export { crashStoreSettings, searchSettings, sharedSettings, symbolStoreSettings } from "./shared.ts";
