/** A queue with Poisson arrivals, exponential work and several servers that share one line: M/M/c. */
export interface Station {
  /** Arrivals a second. */
  readonly rate: number;
  /** How long one of the servers works on an arrival, mean, s. */
  readonly seconds: number;
  readonly servers: number;
}

/** Part of the time that a server works; at 1 and above the line only grows. */
export function utilisation({ rate, seconds, servers }: Station): number {
  return (rate * seconds) / servers;
}

/** Erlang's C: the part of arrivals that find all servers at work, and wait; 1 where the line only grows. */
export function waitingPart(station: Station): number {
  const offered = station.rate * station.seconds;
  const busy = utilisation(station);
  if (busy >= 1) return 1;
  // Erlang's B by its recursion: factorials of hundreds of servers are beyond a double.
  let blocked = 1;
  for (let server = 1; server <= station.servers; server++)
    blocked = (offered * blocked) / (server + offered * blocked);
  return blocked / (1 - busy * (1 - blocked));
}

/**
 * How long arrivals wait in the line.
 * @param part of the arrivals that wait no longer, 0 to 1
 * @returns seconds; Infinity where the line only grows
 */
export function waitWithin(part: number, station: Station): number {
  if (utilisation(station) >= 1) return Number.POSITIVE_INFINITY;
  const waiting = waitingPart(station);
  const spare = station.servers / station.seconds - station.rate;
  return waiting <= 1 - part ? 0 : Math.log(waiting / (1 - part)) / spare;
}

/**
 * The fewest servers that keep up.
 * @param limits the longest wait of 95 in 100, s, and the highest utilisation
 */
export function serversFor(
  { rate, seconds }: Omit<Station, "servers">,
  limits: { readonly waitSeconds: number; readonly busy: number },
): number {
  let servers = Math.max(1, Math.ceil((rate * seconds) / limits.busy));
  while (waitWithin(0.95, { rate, seconds, servers }) > limits.waitSeconds) servers++;
  return servers;
}
