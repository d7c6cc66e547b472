/** What a case's program must print when all is as its `expected` says. */
export interface ClientCheck {
  readonly has: readonly (string | RegExp)[];
  readonly lacks?: readonly (string | RegExp)[];
  /** Throttle rules that the case is written for. */
  readonly rules?: "mozilla";
}

const WALKED = /"signature": "teapot::Texture::index_of", "mdsw_status_string": "OK"/;
/** So many reports that are answered with an id. */
const accepted = (times: number) => new RegExp(`(CrashID=bp-[\\s\\S]*){${times}}`);
const walked = (times: number) => new RegExp(`(${WALKED.source}[\\s\\S]*){${times}}`);

export const clientChecks: Readonly<Record<string, ClientCheck>> = {
  "android-empty-dump": { has: ['"CrashType": "fatal native crash"', "EmptyMinidump", "it is empty"] },
  "client-uuid": {
    has: [
      "no token: HTTP/1.1 401",
      /10261129' -> HTTP\/1.1 200 OK \| CrashID=bp-5e0ee5cb/,
      /10261399' -> HTTP\/1.1 400 .*malformed_invalid_uuid/,
    ],
  },
  "content-encodings": {
    has: [
      /x-gzip' .* 200 OK/,
      /deflate' .* 200 OK/,
      /b'br' .* 400 .*malformed_bad_encoding/,
      /b'zstd' .* 400 .*malformed_bad_encoding/,
      /gzip, gzip' .* 200 OK/,
      /b'gzip' \d+ .*malformed_bad_gzip/,
    ],
    lacks: ["malformed_invalid_payload_structure"],
  },
  "crashpad-attachments": {
    has: [WALKED, /app\.log/, /screen\.png/, /additional: \[\]/, "page names app.log: True"],
    lacks: ["minidump cannot be read", ".log.dmp", "screenpng.dmp"],
  },
  "cte-8bit": { has: [WALKED, /7bit: HTTP\/1.1 200/] },
  "cte-base64": { has: ["200 OK", "EMPTY: no frame data"], lacks: ["MissingHeader"] },
  "dup-fields": {
    has: [
      '"Tag": "second"',
      '"Tag_earlier1": "first"',
      "kept an earlier value of Tag",
      '"longParam__2": "bbb"',
    ],
  },
  "electron-gzip": { has: ['"product": "Hunt App"', '"version": "1.4.2"', '"userId": "77"', WALKED] },
  "electron-linux-nested": { has: [WALKED, '"prod": "Electron"', "took the parts of the multipart body"] },
  "empty-filename-text": { has: [accepted(1), "{'Comment': 'hi', 'BuildID': '20261101'}"] },
  "escaped-names": {
    has: [/(200 OK \| CrashID \['upload_file_minidump'\] \[\]\s+b?[\s\S]*){9}/, "reg\\\\HKLM\\\\x"],
  },
  "filename-star": { has: [WALKED, "'memory_log'"] },
  "find-by-client-id": {
    has: [/'CrashID=bp-[^']*' 302/, /'\{[^']*\}' 302/, /#tab' 302/, /'[0-9A-F]{8}-[^']*' 302/],
    lacks: [" 500 "],
  },
  "folded-header": { has: [walked(2)] },
  "hostile-text": {
    has: [/report\/index\/\S+ raw markup: False closing tag raw: False shown: True/],
    lacks: ["closing tag raw: True"],
  },
  "json-attachment": {
    has: [walked(3), '"BuildID": "20261101000000"', "'attachment_settings'", "'attachment_log'"],
    lacks: ["NotThis"],
  },
  "json-bigint": {
    has: [
      "1161888007138312193 API True page True",
      "18446744073709551615 API True page True",
      "1764374400123456789 API True page True",
      "1161888007138312200 API False page False",
      "1.10 API True page True",
    ],
  },
  "json-odd-types": {
    has: ["digits kept: True", /report\/index\/\S+ 200/],
    lacks: ['non-integer value of "CrashTime"'],
  },
  "lf-only": {
    has: [
      /LF: HTTP\/1.1 (200|400)[\s\S]*CR LF/,
      /no close: HTTP\/1.1 400/,
      /close without CRLF: HTTP\/1.1 200/,
      /blanks: HTTP\/1.1 200/,
      /alike inside: HTTP\/1.1 200/,
    ],
  },
  "media-types": { has: [accepted(6), walked(3), '"Comment": "hello"'], lacks: [" 400 "] },
  "no-filename-no-type": { has: [WALKED] },
  preamble: { has: [accepted(4)], lacks: [" 400 "] },
  "raw-dump-body": { has: ["malformed_wrong_content_type", /same connection: HTTP\/1.1 200/] },
  "real-senders": { has: [/(-> teapot::Texture::index_of OK[\s\S]*){10}/], lacks: ["Discarded"] },
  "reserved-extras": {
    has: [
      '"client_metadata": "mine"',
      '"client_submitted_timestamp": "never"',
      "kept the client's metadata",
      '"version": "9.9"',
    ],
  },
  "search-missing-fields": {
    // Never all crashes for a filter: of what is not there none, of what is no field a refusal.
    has: [
      /all: \d+/,
      /modules_in_stack=\S+ -> 0$/m,
      /(^(url|addons|cpu_info|android_model)=\S+ -> 0$[\s\S]*){4}/m,
      /userId=77 -> \{'_status': 400/,
      /^signature=teapot -> \(\d\d/m,
    ],
  },
  "text-without-utf8": { has: [WALKED, /"ProductName": "K.hlung"/, '"LogTail"', "replacement characters"] },
  "throttle-mozilla": {
    rules: "mozilla",
    has: [
      /lower case -> .*Discarded=rule_unsupported_product/,
      /channel only -> .*CrashID=bp-/,
      /numeric build old -> .*Discarded=rule_has_old_buildid/,
      /throttleable number -> .*CrashID=bp-/,
      /b2g -> .*CrashID=bp-/,
    ],
  },
  "too-large-413": {
    has: [
      /length: HTTP\/1.1 413/,
      /chunked: HTTP\/1.1 413/,
      /headers only: b'HTTP\/1.1 413/,
      /inflates to 101 MiB: HTTP\/1.1 413/,
      /stdout='413/,
    ],
  },
  "trailing-slash": { has: [/'\/submit\/' HTTP\/1.1 200/, /404 Not Found \| .*POST \/submit/] },
  "truncated-dump": { has: [/MissingDirectory/, /SystemInfo: StreamReadFailure/, /it is text/, accepted(4)] },
  "unreal-body": { has: [/(Discarded=malformed_[\s\S]*){2}/] },
};
