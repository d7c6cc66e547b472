/** The version of the processed crash's shape that is written. */
export const SCHEMA_VERSION = 2;
