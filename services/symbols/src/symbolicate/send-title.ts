import type { FastifyReply, FastifyRequest } from "fastify";
import { sendJson } from "../send-json.ts";

/** What an error is written as, best first where a client likes them equally. */
const FORMS = ["application/json", "text/xml", "application/xml"] as const;

/** Answers with what is wrong, `{"title": …}`, or as XML for who likes that better, as Mozilla's service does. */
export function sendTitle(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  title: string,
): FastifyReply {
  reply.code(status).header("vary", "Accept");
  const form = preferred(request.headers.accept);
  if (form === undefined) return reply.header("content-type", "application/json").send(Buffer.alloc(0));
  if (form === "application/json") return sendJson(reply, { title });
  const xml = `<?xml version="1.0" encoding="UTF-8"?><error><title>${escaped(title)}</title></error>`;
  return reply.header("content-type", form).send(Buffer.from(xml));
}

/** The form that an Accept header likes best; undefined when it takes none of them. */
function preferred(accept = "*/*"): (typeof FORMS)[number] | undefined {
  const ranges = accept
    .toLowerCase()
    .split(",")
    .map((range) => {
      const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
      const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
      return { type, weight: weight === undefined ? 1 : Number(weight) || 0 };
    });
  const weightOf = (form: string) => {
    const wide = `${form.split("/")[0]}/*`;
    const found = [form, wide, "*/*"].flatMap((type) => ranges.filter((range) => range.type === type));
    return found[0]?.weight ?? 0;
  };
  const best = FORMS.reduce((a, b) => (weightOf(b) > weightOf(a) ? b : a));
  if (weightOf(best) > 0) return best;
  if (ranges.some(({ type }) => type.endsWith("+json"))) return "application/json";
  return ranges.some(({ type }) => type.endsWith("+xml")) ? "application/xml" : undefined;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
