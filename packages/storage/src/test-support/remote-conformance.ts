import { afterAll, beforeAll, expect, it } from "vitest";
import type { ObjectStore } from "../object-store.ts";
import { type ChangingProxy, startChangingProxy } from "./changing-proxy.ts";

/**
 * What an object store behind a network must do beside what every one must.
 * @param endpoint the server's address
 * @param openBy opens an empty store by way of another address
 */
export function remoteStoreConformance(
  endpoint: () => string,
  openBy: (endpoint: string) => ObjectStore,
): void {
  let proxy: ChangingProxy;
  beforeAll(async () => {
    proxy = await startChangingProxy(endpoint());
  });
  afterAll(() => proxy.stop());

  const change = { from: "as it was stored", to: "as it was stOred" };

  it("refuses an object that changes on its way from the store", async () => {
    proxy.change = undefined;
    const store = openBy(proxy.endpoint);
    await store.put("v1/a", Buffer.from(change.from));
    proxy.change = change;
    await expect(store.get("v1/a")).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
    proxy.change = undefined;
    expect((await store.get("v1/a"))?.toString()).toBe(change.from);
  });

  it("does not take an object that changes on its way to the store, and keeps the one that is there", async () => {
    proxy.change = undefined;
    const store = openBy(proxy.endpoint);
    await store.put("v1/a", Buffer.from("the earlier one"));
    proxy.change = change;
    await expect(store.put("v1/a", Buffer.from(change.from))).rejects.toMatchObject({
      code: "STORAGE_UNAVAILABLE",
    });
    await expect(store.put("v1/new", Buffer.from(change.from))).rejects.toMatchObject({
      code: "STORAGE_UNAVAILABLE",
    });
    proxy.change = undefined;
    expect((await store.get("v1/a"))?.toString()).toBe("the earlier one");
    expect(await store.info("v1/new")).toBeUndefined();
  });

  it("says that the store is unavailable when its server is not there", async () => {
    const away = openBy("http://127.0.0.1:9");
    await expect(away.put("v1/a", Buffer.from("x"))).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
  });
}
