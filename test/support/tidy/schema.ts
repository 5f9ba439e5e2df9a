import {
  buildSchema,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import type { Problem } from './tree.js';

interface Described {
  readonly name: string;
  readonly description?: string | null;
}

/** `Patient.phones(kind)`, with whether it says what it is. */
function partsOf(type: GraphQLNamedType): readonly (readonly [place: string, part: Described])[] {
  if (isEnumType(type)) return type.getValues().map((value) => [`${type.name}.${value.name}`, value]);
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field]);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    [`${type.name}.${field.name}`, field] as const,
    ...field.args.map((argument) => [`${type.name}.${field.name}(${argument.name})`, argument] as const),
  ]);
}

function rootsOf(schema: GraphQLSchema): readonly unknown[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
}

/** Everything a caller sees says what it means. The three root types are lists of doors and need no words. */
export function undescribed(sdl: string): Problem[] {
  const schema = buildSchema(sdl);
  const roots = rootsOf(schema);
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  return types.flatMap((type) => {
    const parts = partsOf(type);
    const all = roots.includes(type) ? parts : [[type.name, type] as const, ...parts];
    return all
      .filter(([, part]) => !part.description?.trim())
      .map(([place]) => `${place}: has no description`);
  });
}

/** Mutations are what a person says; queries are things; types carry no technician's ending. */
export function namesNobodySays(sdl: string): Problem[] {
  const schema = buildSchema(sdl);
  const fieldsOf = (type: ReturnType<GraphQLSchema['getQueryType']>): string[] =>
    Object.keys(type?.getFields() ?? {});
  const mutations = fieldsOf(schema.getMutationType()).filter((name) =>
    /^((update|edit|delete|create|save)[A-Z]|set\w*(Status|State)$)/.test(name),
  );
  const queries = fieldsOf(schema.getQueryType()).filter((name) => /^(get|fetch|list|load)[A-Z]/.test(name));
  const types = Object.keys(schema.getTypeMap()).filter((name) => /(Dto|DTO|Model|Entity)$/.test(name));
  return [...mutations, ...queries, ...types].map((name) => `${name}: nobody at the desk says that`);
}
