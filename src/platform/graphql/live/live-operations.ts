import {
  createSourceEventStream,
  type ExecutionArgs,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { badInput, Fault } from '../../refusal/refusal.js';
import type { AccessPolicy, CallerSource } from '../access.js';
import { depthRule } from '../document-rules.js';
import { DOCUMENT_RULES, QUERY_DEPTH_MAX_LEVELS } from '../graphql.options.js';
import type { RequestContext } from '../request-context.js';
import { JudgedStream } from './judged-stream.js';
import { DOCUMENT_TOKENS_MAX } from './limits.js';

const RULES = [...specifiedRules, ...DOCUMENT_RULES, depthRule(QUERY_DEPTH_MAX_LEVELS)];

/** Who asks, and from where. */
export interface Asker {
  readonly token: string;
  readonly requestId: string;
  readonly source: string | null;
  readonly userAgent: string | null;
}

/** A subscription that has begun: its stream stands beside the arguments that the protocol's package wants. */
export interface BegunOperation extends ExecutionArgs {
  readonly stream: JudgedStream;
}

/**
 * Subscriptions, from their text to their stream. The document is held against the same rules as one that comes over
 * HTTP; nothing but subscriptions is done, because queries and mutations have their own door with its own limits.
 */
export class LiveOperations {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly callers: CallerSource,
    private readonly policy: AccessPolicy,
  ) {}

  /** The stream, or why there is none. `ended` is called once, when a stream that was begun has ended. */
  async begin(
    asker: Asker,
    payload: SubscribePayload,
    ended: (stream: JudgedStream) => void,
  ): Promise<BegunOperation | readonly GraphQLError[]> {
    const document = parse(payload.query, { maxTokens: DOCUMENT_TOKENS_MAX });
    const invalid = validate(this.schema, document, RULES, { maxErrors: 5 });
    if (invalid.length > 0) return invalid;
    const operation = getOperationAST(document, payload.operationName);
    if (!operation) throw badInput('The document holds no such operation.');
    if (operation.operation !== 'subscription')
      throw badInput(
        'Only subscriptions are taken here. Send queries and mutations to the same address by POST.',
      );
    const allowedBy = new Set<string>();
    const args: ExecutionArgs = {
      schema: this.schema,
      document,
      operationName: payload.operationName,
      variableValues: payload.variables,
    };
    const first = await this.#context(asker, allowedBy);
    const source = await createSourceEventStream({ ...args, contextValue: first });
    if (!(Symbol.asyncIterator in source)) return source.errors ?? [];
    let context = first;
    const stream: JudgedStream = new JudgedStream(source[Symbol.asyncIterator](), {
      judge: async () => {
        context = await this.#context(asker, allowedBy);
        return this.#refusal(context, allowedBy);
      },
      answer: async (event) => execute({ ...args, rootValue: event, contextValue: context }),
      ended: () => ended(stream),
    });
    return { ...args, stream };
  }

  /** What is known of the asker at this moment; one for each event, whose memory is its own. */
  async #context(asker: Asker, allowedBy: Set<string>): Promise<RequestContext> {
    const { token, ...whence } = asker;
    const caller = await this.callers.holderOf(token);
    return { ...whence, caller, idempotencyKey: null, memory: new Map(), allowedBy };
  }

  #refusal({ caller }: RequestContext, allowedBy: ReadonlySet<string>): Fault | null {
    if (caller === null) return new Fault('UNAUTHENTICATED', 'The session has ended: sign in again.');
    const lost = [...allowedBy].find((permission) => !this.policy.holds(caller, permission));
    if (lost === undefined) return null;
    return new Fault('FORBIDDEN', `Your role allows this no more: it needs the permission ${lost}.`);
  }
}

/** What was thrown, as the graph's own kind of error. */
export function toGraphqlError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}
