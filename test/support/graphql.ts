import { demoPasswordIn, type RunningService } from './facet.js';

/** A small client of the API, as strict as a careful front end: what it did not expect it throws. */

export type DemoRole = 'reception' | 'clinician' | 'imaging' | 'mdt' | 'manager' | 'admin';

export interface FaultAnswer {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly errorId: string };
}

export interface Answer {
  readonly httpStatus: number;
  readonly contentType: string;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly FaultAnswer[];
  /** As it came, for what is not JSON. */
  readonly text: string;
}

export interface RawRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** After `/graphql`. */
  readonly query?: string;
}

export interface Refused {
  readonly code: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export const SIGN_IN = `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) { __typename ... on SignedIn { token account { id } } ... on Refusal { code message } } }`;

function parse(text: string): Pick<Answer, 'data' | 'errors'> {
  try {
    const body = JSON.parse(text) as Partial<Answer>;
    return { data: body.data ?? null, errors: body.errors ?? [] };
  } catch {
    return { data: null, errors: [] };
  }
}

export class GraphqlClient {
  constructor(
    readonly baseUrl: string,
    readonly token: string | null = null,
  ) {}

  /** Sends exactly this, with the session's token. */
  async raw(request: RawRequest): Promise<Answer> {
    const response = await fetch(`${this.baseUrl}/graphql${request.query ?? ''}`, {
      method: request.method ?? 'POST',
      headers: {
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    const text = await response.text();
    const contentType = response.headers.get('content-type') ?? '';
    return { httpStatus: response.status, contentType, text, ...parse(text) };
  }

  /** Sends an operation; gives whatever came back. */
  send(query: string, variables: object = {}): Promise<Answer> {
    return this.raw({ body: JSON.stringify({ query, variables }) });
  }

  /** Sends an operation that must succeed. */
  async ask<Data>(query: string, variables: object = {}): Promise<Data> {
    const answer = await this.send(query, variables);
    if (answer.errors.length > 0 || answer.data === null) {
      throw new Error(`the API said ${answer.httpStatus}: ${answer.text.slice(0, 1_000)}`);
    }
    return answer.data as Data;
  }

  /** Sends an operation that must end in a fault: an entry under `errors`, with its code. Gives the first. */
  async fault(query: string, variables: object = {}): Promise<FaultAnswer> {
    const answer = await this.send(query, variables);
    const [first] = answer.errors;
    if (first === undefined) throw new Error(`no fault, but ${answer.text.slice(0, 1_000)}`);
    return first;
  }

  /** Sends a mutation with one field that must be refused: a member of its result union that is a Refusal. */
  async refusal(query: string, variables: object = {}): Promise<Refused> {
    const data = await this.ask<Record<string, unknown>>(query, variables);
    const [result] = Object.values(data);
    if (typeof result !== 'object' || result === null || !('code' in result) || !('message' in result)) {
      throw new Error(`no refusal, but ${JSON.stringify(data).slice(0, 1_000)}`);
    }
    return result as Refused;
  }
}

export interface SignedInClient extends GraphqlClient {
  readonly accountId: string;
}

/** Signs in with e-mail and password; throws when that is refused. */
export async function signIn(baseUrl: string, email: string, password: string): Promise<SignedInClient> {
  const { signIn: result } = await new GraphqlClient(baseUrl).ask<{
    signIn: { token?: string; account?: { id: string }; message?: string };
  }>(SIGN_IN, { input: { email, password } });
  if (result.token === undefined) throw new Error(`nobody was signed in: ${result.message}`);
  return Object.assign(new GraphqlClient(baseUrl, result.token), { accountId: result.account?.id ?? '' });
}

/** Signs in to the demo clinic. */
export async function signInAs(service: RunningService, role: DemoRole): Promise<SignedInClient> {
  return signIn(service.httpUrl, `${role}@facet.example`, await demoPasswordIn(service.home));
}
