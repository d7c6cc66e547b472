/** Who is behind a token. */
export interface TokenOwner {
  readonly userId: number;
  readonly email: string;
  /** Such as upload_symbols, upload_try_symbols, view_all_uploads. */
  readonly permissions: ReadonlySet<string>;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** What is known of a token. */
export type TokenAnswer =
  | { readonly kind: "valid"; readonly owner: TokenOwner }
  | { readonly kind: "unknown" | "expired" | "inactive" };

/** Where tokens are looked up. */
export interface Tokens {
  /** @param key the header's text without the label behind its first dash */
  find(key: string): Promise<TokenAnswer>;
}
