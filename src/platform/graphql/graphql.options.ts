import { randomUUID } from 'node:crypto';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { preExecutionHookHandler } from 'mercurius';
import { addressOf } from '../http/address.js';
import { badInput } from '../refusal/refusal.js';
import { costRule } from './cost-rule.js';
import { aliasRule, noSubscriptionRule, onceRule } from './document-rules.js';
import { framesOf, toPublicFault } from './faults.js';
import type { RequestContext } from './request-context.js';
import { withVariableDefaults } from './variable-defaults.js';

/** Where the graph is asked, and listened to. */
export const GRAPHQL_PATH = '/graphql';
// A screen of the clinic needs about six levels. Twelve leaves room; fifty is somebody trying.
export const QUERY_DEPTH_MAX_LEVELS = 12;
// Dear to answer, and many in one request are guesses.
const FIELDS_ONCE = ['signIn'];
const REQUEST_ID_MAX_CHARACTERS = 64;

/** What every document is held against before anything runs, beside the rules of the language. */
export const DOCUMENT_RULES = [aliasRule, onceRule(FIELDS_ONCE), costRule];

/** Says who is asking, from the bearer token of a request; null when the token is absent, unknown or ended. */
export type FindCaller = (
  bearerToken: string | null,
  whence: { requestId: string; source: string | null },
) => Promise<unknown>;

/** The token in `Bearer <token>`; null when there is none. */
export function bearerTokenOf(authorization: string | undefined): string | null {
  const match = /^Bearer ([A-Za-z0-9_-]{1,200})$/.exec(authorization ?? '');
  return match?.[1] ?? null;
}

/** One look-up a request, before any field: an asynchronous guard on fields would defeat batching. */
export function contextOf(findCaller: FindCaller) {
  return async (request: FastifyRequest): Promise<RequestContext> => {
    const whence = {
      requestId: String(request.id).slice(0, REQUEST_ID_MAX_CHARACTERS),
      source: addressOf(request),
    };
    return {
      ...whence,
      userAgent: request.headers['user-agent']?.slice(0, 300) ?? null,
      caller: await findCaller(bearerTokenOf(request.headers.authorization), whence),
      idempotencyKey: request.headers['idempotency-key']?.toString() ?? null,
      memory: new Map(),
    };
  };
}

interface FailedExecution extends ExecutionResult {
  readonly errors: readonly GraphQLError[];
}

/** What a caller reads of an error; what somebody must look into goes to the log. */
export function answerOf(
  error: GraphQLError,
  reply: { readonly log: Pick<FastifyBaseLogger, 'error' | 'info'> } | undefined,
): GraphQLError {
  const fault = toPublicFault(error);
  const errorId = randomUUID();
  const original = error.originalError ?? error;
  if (fault.unexpected) {
    // The stack holds our own code's lines; a driver's message may quote a value, so only its type and code go in.
    reply?.log.error({ errorId, errorType: original.name, stack: framesOf(original) }, 'unexpected fault');
  } else {
    reply?.log.info({ errorId, code: fault.code }, 'request refused');
  }
  return new GraphQLError(fault.message, {
    nodes: error.nodes,
    path: error.path,
    extensions: { code: fault.code, errorId },
  });
}

function innerErrorsOf(error: GraphQLError): readonly GraphQLError[] {
  const original: unknown = error.originalError;
  if (typeof original !== 'object' || original === null || !('errors' in original)) return [error];
  if (!Array.isArray(original.errors)) return [error];
  return original.errors.map((inner: unknown) =>
    inner instanceof GraphQLError
      ? inner
      : new GraphQLError(inner instanceof Error ? inner.message : 'The request could not be read.'),
  );
}

/** A body whose query is not text would get as far as the validation of the query, and break there. */
async function refuseOtherBodies(request: FastifyRequest): Promise<void> {
  const body: unknown = request.method === 'POST' ? request.body : null;
  if (typeof body !== 'object' || body === null || !('query' in body)) return;
  if (typeof body.query !== 'string') throw badInput('`query` must be text: a GraphQL document.');
}

const fillInDefaults: preExecutionHookHandler = async (schema, document, _, variables) => {
  const filled = withVariableDefaults(schema, document, variables);
  return filled === null ? {} : { variables: filled };
};

export function graphqlOptions(
  findCaller: FindCaller,
  schemaFile: string | boolean,
): MercuriusDriverConfig & {
  driver: typeof MercuriusDriver;
} {
  return {
    driver: MercuriusDriver,
    autoSchemaFile: schemaFile,
    sortSchema: true,
    jit: 1,
    path: GRAPHQL_PATH,
    graphiql: false,
    additionalRouteOptions: { preValidation: refuseOtherBodies },
    allowBatchedQueries: false,
    queryDepth: QUERY_DEPTH_MAX_LEVELS,
    validationRules: [...DOCUMENT_RULES, noSubscriptionRule],
    hooks: { preExecution: fillInDefaults },
    // Guards stand before resolved fields too: an edge of the graph is as much a door as its root.
    fieldResolverEnhancers: ['guards'],
    context: contextOf(findCaller),
    errorFormatter: (execution, context) => {
      const { errors, data } = execution as FailedExecution;
      const reply = 'reply' in context ? (context.reply as FastifyReply) : undefined;
      const answers = errors.flatMap(innerErrorsOf).map((error) => answerOf(error, reply));
      return { statusCode: 200, response: { data: data ?? null, errors: answers } };
    },
  };
}
