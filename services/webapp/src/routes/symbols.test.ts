import { expect, it } from "vitest";
import { now, openWebapp } from "../test-support/open-webapp.ts";

const detail = { archive: "<symbols>.zip", bytes: 2_000_000, isTry: true, files: 3, skipped: 1, problems: 0 };

async function symbolsPage(permissions: Parameters<typeof openWebapp>[0]) {
  const { server, records, close } = await openWebapp(permissions);
  const empty = (await server.inject("/symbols/")).body;
  const healing = { asked: 40, healed: 38, changed: 7, isOver: true };
  const upload = { id: "1", created: now, owner: "ci@teapot.example", state: "completed" };
  await records.uploads.save({ ...upload, detail: { ...detail, healing } });
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
  expect(body).not.toContain("ci@teapot.example");
});

it("the symbols page says who uploaded to those who upload", async () => {
  expect((await symbolsPage(["upload_symbols"])).body).toContain("ci@teapot.example");
});
