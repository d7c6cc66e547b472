/** What Redis tells of itself (INFO): names and values. */
export type RedisState = ReadonlyMap<string, string>;

export function readState(info: string): RedisState {
  const pairs = info.split("\r\n").map((line): [string, string] => {
    const at = line.indexOf(":");
    return [line.slice(0, at), line.slice(at + 1)];
  });
  return new Map(pairs);
}

/** Why Redis takes no jobs now, in words; undefined when it takes them. */
export function whyNothingIsTaken(state: RedisState): string | undefined {
  if (state.get("loading") === "1") return "Redis is loading its data";
  if (state.get("role") === "slave" && state.get("slave_read_only") !== "0") {
    return "it is a read-only replica; REDIS_URL must name the primary";
  }
  const most = Number(state.get("maxmemory") ?? 0);
  const used = Number(state.get("used_memory") ?? 0) - Number(state.get("mem_not_counted_for_evict") ?? 0);
  const policy = state.get("maxmemory_policy") ?? "";
  if (most > 0 && used >= most && !policy.startsWith("allkeys-")) {
    return `Redis is full: ${used} of ${most} bytes (maxmemory), and ${policy} takes no more`;
  }
  if (state.get("aof_enabled") === "1" && state.get("aof_last_write_status") === "err") {
    return "Redis cannot write its append-only file; its disk may be full";
  }
  return undefined;
}

/** What is to be warned of: a Redis that may drop jobs. */
export function warningOf(state: RedisState): string | undefined {
  const policy = state.get("maxmemory_policy") ?? "noeviction";
  if (policy === "noeviction") return undefined;
  return `Redis may drop jobs when it is full: maxmemory-policy is ${policy}; set it to noeviction`;
}
