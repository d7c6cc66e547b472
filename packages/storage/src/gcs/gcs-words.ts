import { connectionWords } from "../connection-words.ts";

/** What is wrong with a bucket, so that who runs it knows what to do. @param permission what the request needs */
export function gcsWords(
  error: unknown,
  { bucket, endpoint }: { readonly bucket: string; readonly endpoint?: string },
  permission: string,
): string {
  const { code, message } = error as { code?: unknown; message?: string };
  const connection = connectionWords(error, endpoint ?? "https://storage.googleapis.com");
  if (connection !== undefined) return connection;
  if (/default credentials/i.test(message ?? "")) {
    return "there are no credentials (GOOGLE_APPLICATION_CREDENTIALS, or a role of the machine)";
  }
  switch (Number(code)) {
    case 401:
      return "the credentials are not accepted";
    case 403:
      return `access denied: the credentials need ${permission} on the bucket ${bucket}`;
    case 404:
      return `there is no bucket ${bucket}`;
  }
  return Number(code) >= 300 ? `the server answered ${code}: ${message}` : String(message);
}
