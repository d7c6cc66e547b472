/** What follows a function's name when a list asks for its line number: `:<line>`, otherwise nothing. */
export type LineSuffix = (name: string) => string;
