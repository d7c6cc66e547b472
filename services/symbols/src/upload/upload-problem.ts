/** What is wrong with an upload, in the words that clients are told. */
export class UploadProblem extends Error {
  override readonly name = "UploadProblem";
  readonly status: number;

  constructor(words: string, status = 400) {
    super(words);
    this.status = status;
  }
}
