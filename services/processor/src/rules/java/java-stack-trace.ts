import { rule } from "../../rule.ts";
import { annotationText } from "../../values/annotation-text.ts";
import { withoutMessages } from "./without-messages.ts";

/** The Java exception as it prints itself, for those who may see it; for anybody without its messages. */
export const javaStackTrace = rule({
  name: "JavaStackTraceRule",
  annotations: ["JavaStackTrace"],
  writes: ["java_stack_trace_raw", "java_stack_trace"],
  act({ raw, processed, notes }) {
    if (raw.JavaStackTrace === undefined || raw.JavaStackTrace === "") return;
    const trace = annotationText(raw.JavaStackTrace);
    if (trace === undefined) {
      notes.push("JavaStackTrace has a non-string value");
      return;
    }
    processed.java_stack_trace_raw = trace;
    const redacted = withoutMessages(trace);
    if (redacted === undefined) notes.push("JavaStackTrace: malformed JavaStackTrace");
    processed.java_stack_trace = redacted ?? "malformed";
  },
});
