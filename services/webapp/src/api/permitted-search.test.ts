import { describe, expect, it } from "vitest";
import { nobody, type Viewer } from "../permissions.ts";
import { permittedHits, permittedParameters } from "./permitted-search.ts";

// No field of the index is protected as yet; here the reason is.
const fields = [
  { name: "reason", permissions: ["crashstats.view_pii"] },
  { name: "signature", permissions: [] },
] as const;
const trusted: Viewer = new Set(["view_pii"] as const);

const permitted = (query: string, viewer: Viewer = nobody) =>
  permittedParameters(new URLSearchParams(query), viewer, fields)
    .map(([name, value]) => `${name}=${value}`)
    .join("&");

describe("permittedParameters", () => {
  it("drops filters, facets and sort keys of a field the viewer may not see", () => {
    expect(permitted("reason=SIGSEGV&signature=a&_facets=reason&_facets=signature&_sort=-reason")).toBe(
      "signature=a&_facets=signature",
    );
  });

  it("drops aggregations whose path or value names the field", () => {
    const query =
      "_aggs.reason=signature&_aggs.signature=reason&_histogram.date=_cardinality.reason&_histogram_interval.reason=1&_facets=_cardinality.reason&_aggs.signature.reason=x";
    expect(permitted(query)).toBe("");
  });

  it("keeps values that only look like the field's name", () => {
    expect(permitted("signature=reason&_columns=reason&_facets=reasonable")).toBe(
      "signature=reason&_columns=reason&_facets=reasonable",
    );
  });

  it("keeps everything for a viewer who holds the permission", () => {
    expect(permitted("reason=SIGSEGV&_facets=reason", trusted)).toBe("reason=SIGSEGV&_facets=reason");
  });
});

describe("permittedHits", () => {
  const hits = [{ reason: "SIGSEGV", signature: "a" }];

  it("takes the field out of every hit", () => {
    expect(permittedHits(hits, nobody, fields)).toEqual([{ signature: "a" }]);
    expect(permittedHits(hits, trusted, fields)).toEqual(hits);
  });
});
