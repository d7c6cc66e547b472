import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import { join, normalize } from "node:path";

/** A symbol server over folders: `<port> <folder>…`. */
const [port, ...folders] = process.argv.slice(2);

createServer(async (request, response) => {
  const path = normalize(decodeURIComponent((request.url ?? "/").split("?")[0]!));
  for (const folder of folders) {
    for (const ending of ["", ".gz"]) {
      const file = createReadStream(join(folder, `${path}${ending}`));
      const isThere = await new Promise<boolean>((done) => {
        file.once("open", () => done(true));
        file.once("error", () => done(false));
      });
      if (!isThere) continue;
      if (ending !== "") response.setHeader("content-encoding", "gzip");
      file.on("error", () => response.destroy());
      file.pipe(response);
      return;
    }
  }
  response.writeHead(404).end();
}).listen(Number(port), "127.0.0.1");
