import type { FastifyInstance } from "fastify";

const BOUNDARY = "boundary-of-a-test";

/** A form of one archive, in a field whose name ends as archives do. */
export function archiveForm(archive: Uint8Array, field = "symbols.zip"): { type: string; body: Buffer } {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"; filename="symbols.zip"\r\n\r\n`;
  return {
    type: `multipart/form-data; boundary=${BOUNDARY}`,
    body: Buffer.concat([Buffer.from(head), archive, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]),
  };
}

/** Uploads an archive with a token; tells the status and the JSON of the answer. */
export async function uploadArchive(
  service: FastifyInstance,
  archive: Uint8Array,
  token = "KEY",
): Promise<{ status: number; answer: { error?: string; upload?: Record<string, unknown> } }> {
  const { type, body } = archiveForm(archive);
  const { statusCode, payload } = await service.inject({
    method: "POST",
    url: "/upload/",
    headers: { "content-type": type, "auth-token": token },
    payload: body,
  });
  return { status: statusCode, answer: JSON.parse(payload) };
}
