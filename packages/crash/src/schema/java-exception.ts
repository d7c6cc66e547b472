/** The annotation JavaException, shaped as Sentry's exceptions are: the outermost first, then its causes. */
export interface JavaException {
  readonly exception?: {
    readonly values?: readonly {
      readonly stacktrace?: {
        /** The class's name. */
        readonly type?: string;
        /** Its package. */
        readonly module?: string;
        /** The message: may hold what is personal. */
        readonly value?: string;
        readonly frames?: readonly JavaFrame[];
      };
    }[];
  };
}

export interface JavaFrame {
  readonly module?: string;
  readonly function?: string;
  readonly filename?: string;
  readonly lineno?: number;
  readonly in_app?: boolean;
}

/** The keys of a Java exception that need the permission to see personal data. */
export const protectedInJavaException: ReadonlySet<string> = new Set(["value"]);
