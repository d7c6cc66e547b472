import { join } from "node:path";
import { repository } from "../system/pipeline.ts";

/** Folder of further real inputs. */
export const shared = process.env["MAYDAY_SHARED_DATA"] ?? join(repository, "../shared/data");
