import type { GraphqlClient, Refused } from '../support/graphql.js';
import { first } from './visits.js';

/** Verbs of the API, by their names: what must succeed and what must be refused. */

export type Made = Readonly<Record<string, unknown>> & { readonly id: string; readonly version: number };

const inputTypeOf = (verb: string): string => `${verb.charAt(0).toUpperCase()}${verb.slice(1)}Input`;

/** What a verb makes or changes: the type of the answer, and what is wanted of it: `Meeting { id version }`. */
export interface Verb {
  readonly verb: string;
  readonly wanted: string;
  /** Left out: named after the verb. */
  readonly inputType?: string;
}

async function answerOf<Result>(
  client: GraphqlClient,
  { verb, wanted, inputType = inputTypeOf(verb) }: Verb,
  input: object,
): Promise<Result> {
  const query = `mutation ($input: ${inputType}!) {
    ${verb}(input: $input) { __typename ... on ${wanted} ... on Refusal { code message } } }`;
  const data = await client.ask<Record<string, Result>>(query, { input });
  return first(Object.values(data), 'answer');
}

function notRefused<Result extends object>(verb: string, result: Result): Result {
  if ('code' in result && 'message' in result) {
    throw new Error(`${verb} was refused: ${String(result.code)}: ${String(result.message)}`);
  }
  return result;
}

/** A verb that must succeed; throws when it is refused. */
export async function done<Result extends object = Made>(
  client: GraphqlClient,
  verb: Verb,
  input: object,
): Promise<Result> {
  return notRefused(verb.verb, await answerOf<Result>(client, verb, input));
}

/** Whatever becomes of it. */
export function tried<Result extends object = Made | Refused>(
  client: GraphqlClient,
  verb: Verb,
  input: object,
): Promise<Result> {
  return answerOf<Result>(client, verb, input);
}

/** A verb that must be refused. */
export async function refusedAs(client: GraphqlClient, verb: Verb, input: object): Promise<Refused> {
  const answer = await answerOf<Partial<Refused>>(client, verb, input);
  const { code, message } = answer;
  if (code === undefined || message === undefined) throw new Error(`${verb.verb} was not refused`);
  return { ...answer, code, message };
}

/** A verb whose arguments are written out: `closeMeeting(meetingId: "…")`. */
export async function doneSo<Result extends object = Made>(
  client: GraphqlClient,
  call: string,
  wanted: string,
): Promise<Result> {
  const query = `mutation { ${call} { __typename ... on ${wanted} ... on Refusal { code message } } }`;
  const data = await client.ask<Record<string, Result>>(query);
  return notRefused(call, first(Object.values(data), 'answer'));
}

/** The same, which must be refused: the code. */
export async function refusedSo(client: GraphqlClient, call: string): Promise<string> {
  const query = `mutation { ${call} { __typename ... on Refusal { code message } } }`;
  return (await client.refusal(query)).code;
}
