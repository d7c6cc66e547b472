import type { RawCrash } from "@mayday/crash";
import { recordOf, textOf } from "./pages/stored-json.ts";

/** A file that came with a report and is no minidump. Names and type are the client's words. */
export interface AttachmentView {
  /** Under which it is stored. */
  readonly name: string;
  readonly fileName: string;
  readonly contentType: string;
}

/** The attachments of a report, by their own name. */
export function attachmentsOf(raw: RawCrash | undefined): AttachmentView[] {
  const attachments = Object.entries(recordOf(raw?.metadata?.attachments));
  return attachments
    .map(([name, value]) => {
      const { part, filename, content_type } = recordOf(value);
      return { name, fileName: textOf(filename) || textOf(part) || name, contentType: textOf(content_type) };
    })
    .sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
}
