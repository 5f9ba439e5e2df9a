import { readFileSync } from 'node:fs';
import {
  astFromValue,
  buildSchema,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  print,
} from 'graphql';

/** Every operation of the schema, written out: what is true of all of them is asked of all of them. */

const schema = buildSchema(readFileSync(new URL('../../src/schema.graphql', import.meta.url), 'utf8'));

/** Of objects inside objects: enough to walk from a booking to its patient and back to bookings. */
const SELECTION_LEVELS_MAX = 4;

export const NOBODY = '00000000-0000-4000-8000-000000000000';

/** `input.referralId` and the like, and the value to put there. */
export type Values = Readonly<Record<string, unknown>>;

export interface Operation {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly name: string;
  /** The permission that its description says it needs; null when it says none. */
  readonly needs: string | null;
  readonly field: GraphQLField<unknown, unknown>;
}

/** How the arguments that may be left out are treated. */
export type Manner = 'left out' | 'declared but not given' | 'empty' | 'all given';

export interface Request {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

function operationsOf(kind: Operation['kind'], type: GraphQLObjectType | null | undefined): Operation[] {
  return Object.values(type?.getFields() ?? {}).map((field) => ({
    kind,
    name: field.name,
    needs: /Needs ([A-Z_]+)/.exec(field.description ?? '')?.[1] ?? null,
    field,
  }));
}

/** Those with one answer to a request. */
export const OPERATIONS: readonly Operation[] = [
  ...operationsOf('query', schema.getQueryType()),
  ...operationsOf('mutation', schema.getMutationType()),
];

/** Those that are listened to over a WebSocket. */
export const SUBSCRIPTIONS: readonly Operation[] = operationsOf('subscription', schema.getSubscriptionType());

const isOptional = (input: GraphQLArgument | GraphQLInputField): boolean =>
  !isNonNullType(input.type) || input.defaultValue !== undefined;

function scalarFor(name: string): unknown {
  switch (name) {
    case 'ID':
      return NOBODY;
    case 'Int':
      return 1;
    case 'Float':
      return 1.5;
    case 'Boolean':
      return true;
    case 'LocalDate':
      return '2026-12-01';
    case 'Instant':
      return '2026-12-01T10:00:00Z';
    default:
      return 'Aa';
  }
}

/** A value of the type: the one of `values` for this path if there is one. Optional fields only when `all`. */
function inputOf(type: GraphQLInputType, path: string, values: Values, all: boolean): unknown {
  if (path in values) return values[path];
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [inputOf(nullable.ofType, path, values, all)];
  if (isEnumType(nullable)) return nullable.getValues()[0]?.name;
  if (!isInputObjectType(nullable)) return scalarFor(nullable.toString());
  const fields = Object.values(nullable.getFields()).filter((field) => all || !isOptional(field));
  return Object.fromEntries(
    fields.map((field) => [field.name, inputOf(field.type, `${path}.${field.name}`, values, all)]),
  );
}

/** Every field without arguments, down to the last level that is wanted. */
function selectionOf(type: GraphQLOutputType, level = 0): string {
  const named = getNamedType(type);
  if (isUnionType(named)) {
    return `{ __typename ${named
      .getTypes()
      .map((member) => `... on ${member.name} ${selectionOf(member, level).replace('{', `{ __typename`)}`)
      .join(' ')} }`;
  }
  if (!isObjectType(named)) return '';
  const parts = Object.values(named.getFields()).flatMap((field) => {
    const below = getNamedType(field.type);
    const isLeaf = !isObjectType(below) && !isUnionType(below);
    if (!isLeaf && level + 1 >= SELECTION_LEVELS_MAX) return [];
    return [`${field.name} ${selectionOf(field.type, level + 1)}`.trim()];
  });
  return `{ ${parts.length === 0 ? '__typename' : parts.join(' ')} }`;
}

/** The smallest thing that can be asked of the result. */
const smallest = (type: GraphQLOutputType): string =>
  isObjectType(getNamedType(type)) || isUnionType(getNamedType(type)) ? '{ __typename }' : '';

function declaration(argument: GraphQLArgument): string {
  const fallback =
    argument.defaultValue === undefined ? null : astFromValue(argument.defaultValue, argument.type);
  return `$${argument.name}: ${argument.type}${fallback ? ` = ${print(fallback)}` : ''}`;
}

/** The operation as a request: everything that is required given, the rest in this manner. */
export function requestFor(
  operation: Operation,
  manner: Manner = 'left out',
  values: Values = {},
  selection: 'smallest' | 'everything' = 'smallest',
): Request {
  const { kind, name, field } = operation;
  const used = field.args.filter((argument) => manner !== 'left out' || !isOptional(argument));
  const variables = Object.fromEntries(
    used
      .filter((argument) => manner !== 'declared but not given' || !isOptional(argument))
      .map((argument) => {
        // Empty: an object with nothing in it but what it cannot do without.
        const all = manner === 'all given';
        return [argument.name, inputOf(argument.type, argument.name, values, all)];
      }),
  );
  const declared = used.length === 0 ? '' : `(${used.map(declaration).join(', ')})`;
  const given =
    used.length === 0 ? '' : `(${used.map((argument) => `${argument.name}: $${argument.name}`).join(', ')})`;
  const wanted = selection === 'smallest' ? smallest(field.type) : selectionOf(field.type);
  return { query: `${kind} Walk${declared} { ${name}${given} ${wanted} }`, variables };
}

export interface Leaf {
  readonly path: string;
  readonly type: string;
}

function leavesOf(type: GraphQLInputType, path: string): Leaf[] {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return leavesOf(nullable.ofType, path);
  if (!isInputObjectType(nullable)) return [{ path, type: nullable.toString() }];
  return Object.values(nullable.getFields()).flatMap((field) =>
    leavesOf(field.type, `${path}.${field.name}`),
  );
}

/** Every place of the operation's arguments where a caller puts a value. */
export function leaves(operation: Operation): readonly Leaf[] {
  return operation.field.args.flatMap((argument) => leavesOf(argument.type, argument.name));
}
