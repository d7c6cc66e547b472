export { type ErrorCode, errorCodes, errorLine, MaydayError } from "./error-codes.ts";
