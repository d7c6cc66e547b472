import type { Endpoint, Parameter } from "./endpoint.ts";

/** The description of the API in OpenAPI 3.1, made from what the endpoints check their questions by. */
export function openApiOf(endpoints: readonly Endpoint[]): object {
  return {
    openapi: "3.1.0",
    info: {
      title: "Mayday",
      version: "1",
      description: "Crash reports: searches, reports, signatures. The API of Crash Stats, for its clients.",
    },
    paths: Object.fromEntries(endpoints.map((endpoint) => [`/api/${endpoint.name}/`, pathOf(endpoint)])),
    components: {
      securitySchemes: { token: { type: "apiKey", in: "header", name: "Auth-Token" } },
      schemas: {
        Error: { type: "object", properties: { error: { type: "string" } }, required: ["error"] },
        FieldErrors: {
          type: "object",
          properties: {
            errors: { type: "object", additionalProperties: { type: "array", items: { type: "string" } } },
          },
          required: ["errors"],
        },
      },
      responses: {
        BadRequest: json("A parameter is absent, or makes no sense; the answer names it.", {
          anyOf: [{ $ref: "#/components/schemas/FieldErrors" }, { $ref: "#/components/schemas/Error" }],
        }),
        Forbidden: json("The token is not good, or does not allow this.", {
          $ref: "#/components/schemas/Error",
        }),
        NotFound: json("There is no such crash.", { $ref: "#/components/schemas/Error" }),
        TooManyRequests: { description: "Too many requests; Retry-After tells the seconds to wait." },
      },
    },
    // Without a token it shows what is public.
    security: [{}, { token: [] }],
  };
}

function pathOf(endpoint: Endpoint): object {
  const methods = [endpoint.method, ...(endpoint.takesPost ? (["POST"] as const) : [])];
  return Object.fromEntries(methods.map((method) => [method.toLowerCase(), operationOf(endpoint, method)]));
}

function operationOf({ name, says, parameters = [], readsBody }: Endpoint, method: string): object {
  return {
    operationId: method === "POST" ? `post${name}` : name,
    summary: says,
    ...(method === "GET" ? { parameters: parameters.map(parameterOf) } : bodyOf(parameters, readsBody)),
    responses: {
      200: { description: "The answer.", content: { "application/json": {} } },
      400: { $ref: "#/components/responses/BadRequest" },
      403: { $ref: "#/components/responses/Forbidden" },
      404: { $ref: "#/components/responses/NotFound" },
      429: { $ref: "#/components/responses/TooManyRequests" },
    },
  };
}

const parameterOf = (parameter: Parameter): object => ({
  name: parameter.name,
  in: "query",
  description: parameter.says,
  required: parameter.isRequired ?? false,
  schema: schemaOf(parameter),
  ...(parameter.isList ? { style: "form", explode: true } : {}),
});

function bodyOf(parameters: readonly Parameter[], readsBody: true | undefined): object {
  if (readsBody) return { requestBody: { content: { "application/json": { schema: { type: "object" } } } } };
  const schema = {
    type: "object",
    properties: Object.fromEntries(
      parameters.map((one) => [one.name, { ...schemaOf(one), description: one.says }]),
    ),
    required: parameters.filter(({ isRequired }) => isRequired).map(({ name }) => name),
  };
  return { requestBody: { content: { "application/x-www-form-urlencoded": { schema } } } };
}

function schemaOf({ isList, must, choices, isRequired }: Parameter): object {
  const one = {
    type: "string",
    ...(must === undefined ? {} : { pattern: must.match.source }),
    ...(choices === undefined ? {} : { enum: choices }),
  };
  return isList ? { type: "array", items: one, ...(isRequired ? { minItems: 1 } : {}) } : one;
}

function json(description: string, schema: object): object {
  return { description, content: { "application/json": { schema } } };
}
