import { absent, sharedFile } from "../../bench/measure.ts";
import { checkClientCases } from "./client-cases.ts";

/** Situations from public bug reports: each is answered as its `expected` says. */
export async function bugs(): Promise<boolean> {
  const clients = sharedFile("client-cases");
  if (clients === undefined) absent("client-cases (MAYDAY_SHARED_DATA)");
  return clients === undefined || (await checkClientCases(clients));
}
