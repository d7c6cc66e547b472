import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../packages/storage/src/test-support/servers.ts";
import { chromiumPath, flags } from "./browser.ts";
import { dataFolder, type Pipeline, startPipeline } from "./pipeline.ts";

const data = await dataFolder();
let pipeline: Pipeline;
let browser: Browser;
let provider: Server;

beforeAll(async () => {
  if (chromiumPath === undefined) return;
  const webapp = `http://127.0.0.1:${await freePort()}`;
  provider = createServer();
  provider.listen(0, "127.0.0.1");
  await once(provider, "listening");
  const issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  provider.on("request", loginProvider(issuer, `${webapp}/login/callback/`).callback());
  pipeline = await startPipeline(data.path, {
    WEBAPP_PORT: new URL(webapp).port,
    WEBAPP_URL: webapp,
    WEBAPP_OIDC_ISSUER: issuer,
    WEBAPP_OIDC_CLIENT_ID: "mayday",
    WEBAPP_OIDC_CLIENT_SECRET: "a secret of the test",
    WEBAPP_OIDC_SCOPE: "openid profile email groups",
    WEBAPP_GROUP_PERMISSIONS: "crash-team=view_pii+reprocess_crashes,ops=manage_jobs",
  });
  browser = await chromium.launch({ executablePath: chromiumPath, args: flags });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await pipeline?.end("SIGTERM");
  provider?.close();
  await data.remove();
});

/** A real provider with its own development login form; whoever logs in is in the group crash-team. */
function loginProvider(issuer: string, redirect: string): Provider {
  return new Provider(issuer, {
    clients: [{ client_id: "mayday", client_secret: "a secret of the test", redirect_uris: [redirect] }],
    claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"], groups: ["groups"] },
    scopes: ["openid", "profile", "email", "groups"],
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({
        sub,
        name: `Dr. ${sub}`,
        email: `${sub}@example.com`,
        email_verified: true,
        groups: ["crash-team", "others"],
      }),
    }),
  });
}

describe.skipIf(chromiumPath === undefined)(
  "logging in through an OpenID Connect provider (needs Chromium)",
  () => {
    it("gives what the groups give, until the logout", async () => {
      const page = await browser.newPage();
      await page.goto(`${pipeline.webapp}/login/?next=/api/tokens/`);
      await page.getByRole("link", { name: "Log in", exact: true }).click();
      await page.fill("input[name=login]", "ada");
      await page.fill("input[name=password]", "any");
      await page.click("button[type=submit]");
      await page.click("button[type=submit]");
      await page.waitForURL(`${pipeline.webapp}/api/tokens/`);
      await page.goto(`${pipeline.webapp}/profile/`);
      expect(await page.locator("h1").textContent()).toBe("Dr. ada");
      const may = (name: string) => page.locator("tr", { hasText: name }).locator("td").last().textContent();
      expect(await Promise.all(["view_pii", "reprocess_crashes", "manage_jobs"].map(may))).toEqual([
        "yes",
        "yes",
        "no",
      ]);
      await page.getByRole("button", { name: "Log out" }).click();
      await page.goto(`${pipeline.webapp}/profile/`);
      expect(await page.locator("h1").textContent()).toBe("Not logged in");
    }, 60_000);

    it("refuses who comes back without having been sent", async () => {
      const answer = await fetch(`${pipeline.webapp}/login/callback/?code=x&state=y`);
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain("You are not logged in");
    });
  },
);
