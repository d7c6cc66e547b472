/** How often the API may be asked, and where that is counted. */
export interface RateLimits {
  /** Requests a minute of an address without a token; 0 for any number. */
  readonly anonymous: number;
  /** Requests a minute of a token; 0 for any number. */
  readonly token: number;
  /** The header in which a proxy tells the client's address; empty for the address of the connection. */
  readonly addressHeader: string;
  /** A connection to Redis, so that all webapps count together; undefined counts in this process. */
  readonly redis: object | undefined;
}
