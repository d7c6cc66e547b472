/** What the bearer of a token may do here. */
export type UploadPermission = "upload_symbols" | "upload_try_symbols" | "view_all_uploads" | "manage_tokens";

/** Who is behind a token. */
export interface TokenOwner {
  readonly userId: number;
  readonly email: string;
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
