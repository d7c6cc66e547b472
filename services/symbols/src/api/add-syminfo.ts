import { isSymbolKey } from "@mayday/storage";
import type { FastifyInstance } from "fastify";
import { notThisMethod } from "../not-this-method.ts";
import { sendJson } from "../send-json.ts";
import type { SymInfo, Uploads } from "../uploads/uploads.ts";

const CROSS_ORIGIN = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET",
  "access-control-allow-headers":
    "accept,accept-encoding,authorization,content-type,dnt,origin,user-agent,x-csrftoken,x-requested-with",
};

const URL_PATTERN = "/api/syminfo/:file/:id";

/** Adds `GET /api/syminfo/<file>/<id>`: what a module is, by debug file and id or code file and id. */
export function addSyminfo(
  server: FastifyInstance,
  { uploads, publicUrl }: { readonly uploads: Uploads; readonly publicUrl: string },
): void {
  server.get<{ Params: { file: string; id: string } }>(URL_PATTERN, async (request, reply) => {
    const { file, id } = request.params;
    if (!isSymbolKey({ debugFile: file, debugId: id, symbolFile: "x.sym" })) return reply.callNotFound();
    const info = await uploads.symInfo(file, id);
    reply.headers(CROSS_ORIGIN);
    if (info === undefined) {
      return reply.code(404).type("text/html; charset=utf-8").send("Code file / id Not Found");
    }
    const base = publicUrl || `${request.protocol}://${request.host}`;
    return sendJson(reply, infoJson(info, base));
  });
  notThisMethod(server, URL_PATTERN, ["GET"]);
}

function infoJson({ debugFile, debugId, codeFile, codeId, generator, isTry }: SymInfo, base: string) {
  const symbolFile = `${debugFile.replace(/\.pdb$/i, "")}.sym`;
  const path = [debugFile, debugId, symbolFile].map(encodeURIComponent).join("/");
  return {
    debug_id: debugId,
    debug_filename: debugFile,
    code_file: codeFile,
    code_id: codeId,
    generator,
    url: `${base}/${isTry ? "try/" : ""}${path}`,
  };
}
