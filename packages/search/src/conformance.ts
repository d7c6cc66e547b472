import { afterEach, beforeEach } from "vitest";
import { addingConformance } from "./conformance/adding.ts";
import { answersConformance } from "./conformance/answers.ts";
import { filtersConformance } from "./conformance/filters.ts";
import { openIndex } from "./conformance/open-index.ts";
import type { SearchEngine } from "./engine.ts";

/**
 * The promises of a {@link SearchEngine}, as a vitest suite: call it within a `describe`.
 * @param open gives an empty engine for each test; the suite closes it
 */
export function searchEngineConformance(open: () => Promise<SearchEngine>): void {
  let engine: SearchEngine;
  beforeEach(async () => {
    engine = await open();
  });
  afterEach(() => engine.close());

  const index = openIndex(() => engine);
  addingConformance(index);
  filtersConformance(index);
  answersConformance(index);
}
