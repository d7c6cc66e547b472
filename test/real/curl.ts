import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { crashIdIn, type Pipeline, processedCrash } from "../system/pipeline.ts";
import { demoAnnotations, demoDump } from "../system/submit.ts";
import { type Check, must } from "./check.ts";

/** curl sends a gzipped report, with its length and in chunks. */
export function curlCheck(pipeline: () => Pipeline): Check {
  return {
    name: "curl with gzip",
    needs: ["/usr/bin/curl"],
    async run() {
      const folder = mkdtempSync(join(tmpdir(), "mayday-curl-"));
      try {
        const file = join(folder, "report.gz");
        writeFileSync(file, gzipSync(multipart()));
        const { collector, webapp } = pipeline();
        for (const header of ["X-Sent: whole", "Transfer-Encoding: chunked"]) {
          const { stdout } = spawnSync(
            "curl",
            [
              "-sS",
              "-H",
              "Content-Encoding: gzip",
              "-H",
              "Content-Type: multipart/form-data; boundary=b1",
            ].concat(["-H", header, "--data-binary", `@${file}`, `${collector}/submit`]),
            { encoding: "utf8" },
          );
          const processed = await processedCrash(webapp, crashIdIn(stdout));
          must(processed["product"] === "Teapot", "the crash is not processed");
        }
        return "taken with a length and in chunks, processed";
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

function multipart(): Buffer {
  const parts = Object.entries(demoAnnotations()).map(
    ([name, value]) => `--b1\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head =
    `${parts.join("")}--b1\r\nContent-Disposition: form-data; name="upload_file_minidump"; filename="a.dmp"\r\n` +
    `Content-Type: application/octet-stream\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), demoDump(), Buffer.from("\r\n--b1--\r\n")]);
}
