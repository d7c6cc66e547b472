import { expect, it, vi } from "vitest";
import { moveIndex } from "./move-index.ts";

const log = () => ({ info: vi.fn(), warn: vi.fn() });

it("tries again until the index is moved, and says what was", async () => {
  const said = log();
  let failures = 2;
  const move = vi.fn(async () => {
    if (failures-- > 0) throw new Error("no answer");
    return ["202647"];
  });
  const moving = moveIndex(move, said, 1);
  await vi.waitFor(
    () => expect(said.info).toHaveBeenCalledWith({ weeks: ["202647"] }, expect.any(String)),
    60_000,
  );
  expect(said.warn).toHaveBeenCalledTimes(2);
  expect(move).toHaveBeenCalledTimes(3);
  await moving.stop();
});

it("ends with the service, whatever is under way", async () => {
  const said = log();
  const move = (signal: AbortSignal) =>
    new Promise<string[]>((_resolve, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason)),
    );
  await moveIndex(move, said).stop();
  expect(said.warn).not.toHaveBeenCalled();
});
