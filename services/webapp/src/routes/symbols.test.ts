import { searchDocument } from "@mayday/search";
import { expect, it } from "vitest";
import { crashId, demoProcessed } from "../test-support/demo-crash.ts";
import { now, openWebapp } from "../test-support/open-webapp.ts";
import { textOfPage } from "../test-support/text-of-page.ts";

const detail = { archive: "<symbols>.zip", bytes: 2_000_000, isTry: true, files: 3, skipped: 1, problems: 0 };

async function symbolsPage(permissions: Parameters<typeof openWebapp>[0]) {
  const { server, records, close } = await openWebapp(permissions);
  const empty = (await server.inject("/symbols/")).body;
  const healing = { asked: 40, healed: 38, changed: 7, isOver: true };
  const effect = {
    before: { frames: 300, named: 30 },
    after: { frames: 320, named: 310 },
    changes: [{ before: "<a.so>@0x1", after: "brew | pour", crashes: 5 }],
  };
  const upload = { id: "1", created: now, owner: "ci@teapot.example", state: "completed" };
  await records.uploads.save({ ...upload, detail: { ...detail, healing } });
  const noted = { ...detail, archive: "noted.zip", healing: { ...healing, effect } };
  await records.uploads.save({ ...upload, id: "2", detail: noted });
  const { statusCode, body } = await server.inject({
    url: "/symbols/",
    headers: { host: "crashes.example" },
  });
  await close();
  return { empty, statusCode, body };
}

it("the symbols page lists uploads and what they healed", async () => {
  const { empty, statusCode, body } = await symbolsPage([]);
  expect(empty).toContain("Nothing was uploaded yet.");
  expect(statusCode).toBe(200);
  expect(body).toContain("&#60;symbols&#62;.zip");
  expect(body).toContain("healed 38 crashes</b>, 7 signatures changed");
  expect(textOfPage(body)).toContain("crashes healed by the uploads below76");
  expect(body).not.toContain("ci@teapot.example");
});

it("the symbols page says how crashes could be read before an upload and after, or that it was not noted", async () => {
  const { body } = await symbolsPage([]);
  const text = textOfPage(body);
  expect(text).toContain("frames with a name: 10 % before, 97 % after");
  expect(text).toContain("how they could be read before was not noted");
  expect(text).toContain("5<a.so>@0x1brew | pour");
  expect(text).toContain("Of 2 more crashes the signature changed in other ways, or how was not noted.");
  expect(body).not.toContain("<a.so>");
});

it("the symbols page says who uploaded to those who upload", async () => {
  expect((await symbolsPage(["upload_symbols"])).body).toContain("ci@teapot.example");
});

it("missing modules are narrowed down by product, version, platform and file", async () => {
  const { server, engine, close } = await openWebapp();
  const crash = (number: number, product: string, version: string, missing: readonly string[]) => {
    const id = crashId(number, now);
    const modules = missing.map((name) => `${name}/1.0/${"0A".repeat(16)}${number}`).join(";");
    return searchDocument({ ...demoProcessed(id, now), product, version, missing_symbols: modules });
  };
  await engine.add([
    crash(1, "Teapot", "1.6", ["Spout.dll", "lid*.so"]),
    crash(2, "Teapot", "1.7", ["spout.dll"]),
    crash(3, "Kettle", "1.7", ["whistle.so"]),
  ]);
  const modules = async (query: string) => {
    const { body } = await server.inject(`/symbols/?${query}`);
    return [...body.matchAll(/module\/\?module[^>]*>(.*?)<\/a>/g)].map(([, name]) =>
      name!.replaceAll(/<wbr>|&#\d+;/g, ""),
    );
  };
  expect((await modules("")).sort()).toEqual(["lid*.so", "spout.dll", "spout.dll", "whistle.so"]);
  expect(await modules("product=%3DKettle")).toEqual(["whistle.so"]);
  expect(await modules("version=%3D1.7&product=%3DTeapot")).toEqual(["spout.dll"]);
  expect(await modules("platform=%3DNowhere")).toEqual([]);
  expect(await modules("file=SPOUT")).toEqual(["spout.dll", "spout.dll"]);
  expect(await modules("file=d*")).toEqual(["lid*.so"]);
  expect(await modules("file=0A0A")).toEqual([]);
  const { body } = await server.inject("/symbols/?file=%21x%3Cb%3E&product=%3DTeapot");
  expect(body).toContain("Take a filter away.");
  expect(body).toContain("<bdi>!x&#60;b&#62;</bdi>");
  const { headers } = await server.inject("/symbols/?product=&version=&platform=&file=");
  expect(headers.location).toBe("/symbols/");
  await close();
});
