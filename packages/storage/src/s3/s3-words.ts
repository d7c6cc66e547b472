import { connectionWords } from "../connection-words.ts";
import type { S3Options } from "./s3-options.ts";

/** An error of AWS's SDK; S3's own have the fields of its answer besides. */
interface S3Error {
  readonly name?: string;
  readonly message?: string;
  readonly Region?: string;
  readonly RequestTime?: string;
  readonly ServerTime?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** What is wrong with a bucket, so that who runs it knows what to do. @param permission what the request needs */
export function s3Words(error: unknown, { bucket, region, endpoint }: S3Options, permission: string): string {
  const { name = "", message, ...rest } = error as S3Error;
  const status = rest.$metadata?.httpStatusCode;
  const headers = rest.$response?.headers ?? {};
  const elsewhere = rest.Region ?? headers["x-amz-bucket-region"];
  const denied = `access denied: the credentials need ${permission} on the bucket ${bucket}`;
  switch (name) {
    case "NoSuchBucket":
      return `there is no bucket ${bucket}`;
    case "AccessDenied":
    case "AllAccessDisabled":
      return denied;
    case "InvalidAccessKeyId":
      return "the access key is not known there (AWS_ACCESS_KEY_ID)";
    case "SignatureDoesNotMatch":
      return "the secret key is another one than the access key's (AWS_SECRET_ACCESS_KEY)";
    case "ExpiredToken":
      return "the credentials have expired";
    case "RequestTimeTooSkewed":
      return clockWords(rest, headers["date"]);
    case "CredentialsProviderError":
      return "there are no credentials (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, a profile or a role)";
    case "PermanentRedirect":
    case "AuthorizationHeaderMalformed":
    case "IllegalLocationConstraintException":
      return `wrong region: the bucket ${bucket} is in ${elsewhere ?? "another one"}, not in ${region}`;
  }
  const connection = connectionWords(error, endpoint ?? `https://s3.${region}.amazonaws.com`);
  if (connection !== undefined) return connection;
  if (status === 301)
    return `wrong region: the bucket ${bucket} is in ${elsewhere ?? "another one"}, not in ${region}`;
  if (status === 403) return denied;
  if (status !== undefined && status >= 300)
    return `the server answered ${status}${isTelling(name) ? ` ${name}` : ""}`;
  return isTelling(name) ? `${name}: ${message}` : String(message);
}

/** The SDK's names of what it cannot name. */
function isTelling(name: string): boolean {
  return !["", "Error", "Unknown", "UnknownError"].includes(name);
}

function clockWords({ RequestTime, ServerTime }: S3Error, date: string | undefined): string {
  const server = Date.parse(ServerTime ?? date ?? "");
  const asked = RequestTime === undefined ? Date.now() : timeOf(RequestTime);
  const seconds = Math.round((asked - server) / 1000);
  if (Number.isNaN(seconds)) return "this machine's clock is off";
  return `this machine's clock is off by ${Math.abs(seconds)} s: it is ${seconds > 0 ? "ahead" : "behind"}`;
}

/** `20260820T101112Z`, as requests are signed with, or a usual date. */
function timeOf(text: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined) return Date.parse(text);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
