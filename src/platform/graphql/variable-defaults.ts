import {
  type DocumentNode,
  type GraphQLSchema,
  isInputType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  valueFromAST,
} from 'graphql';

/**
 * The variables of a request with the defaults of those that were left out, as the specification has it (GraphQL
 * October 2021, §6.1.2 CoerceVariableValues). The compiled executor, which serves a query from its second run on, asks
 * for a non-null variable even when it has a default; the first run does not. Null when there is nothing to fill in.
 */
export function withVariableDefaults(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): Record<string, unknown> | null {
  const filled: Record<string, unknown> = {};
  for (const operation of document.definitions) {
    if (operation.kind === Kind.OPERATION_DEFINITION) fill(schema, operation, variables ?? {}, filled);
  }
  return Object.keys(filled).length === 0 ? null : { ...variables, ...filled };
}

function fill(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  filled: Record<string, unknown>,
): void {
  for (const { variable, type, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    if (defaultValue === undefined || variables[name] !== undefined) continue;
    const inputType = typeFromAST(schema, type);
    if (isInputType(inputType)) filled[name] = valueFromAST(defaultValue, inputType);
  }
}
