import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

// Aliases multiply work inside one request (and guesses at a password). A screen needs a handful.
export const ALIASES_MAX = 20;

/** Refuses a document with more aliases than any screen needs, whatever field they are of. */
export function aliasRule(context: ValidationContext): ASTVisitor {
  let aliases = 0;
  return {
    Field: (field) => {
      if (field.alias === undefined) return;
      aliases += 1;
      if (aliases !== ALIASES_MAX + 1) return;
      context.reportError(
        new GraphQLError(`This query has more than ${ALIASES_MAX} aliases. Send several smaller queries.`, {
          nodes: field,
        }),
      );
    },
  };
}

/**
 * Refuses these root fields more than once in an operation, fragments included: each is dear to answer (a password is
 * hashed), and many in one request are somebody's guesses.
 */
export function onceRule(fieldNames: readonly string[]) {
  return (context: ValidationContext): ASTVisitor => {
    const seen = new Map<string, number>();
    return {
      Field: (field) => {
        const name = field.name.value;
        if (!fieldNames.includes(name) || context.getParentType()?.name !== 'Mutation') return;
        seen.set(name, (seen.get(name) ?? 0) + 1);
        if (seen.get(name) !== 2) return;
        context.reportError(new GraphQLError(`\`${name}\` may stand in a request once.`, { nodes: field }));
      },
    };
  };
}

/** Refuses subscriptions where there is one answer to a request: they have their own way in. */
export function noSubscriptionRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition: (operation) => {
      if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return;
      context.reportError(
        new GraphQLError(
          'Subscriptions are taken over a WebSocket at this address (protocol graphql-transport-ws).',
          { nodes: operation },
        ),
      );
    },
  };
}

/** Refuses a document whose fields lie deeper than so many levels, fragments included. */
export function depthRule(levelsMax: number) {
  return (context: ValidationContext): ASTVisitor => {
    // Fragments that spread fragments would double the work at each level: each is walked once on each level.
    const walked = new Set<string>();
    const isTooDeep = ({ selections }: SelectionSetNode, level: number): boolean =>
      level > levelsMax ||
      selections.some((selection) => {
        if (selection.kind === Kind.FIELD)
          return selection.selectionSet !== undefined && isTooDeep(selection.selectionSet, level + 1);
        if (selection.kind === Kind.INLINE_FRAGMENT) return isTooDeep(selection.selectionSet, level);
        const name = selection.name.value;
        const key = `${name} ${level}`;
        const fragment = context.getFragment(name);
        if (!fragment || walked.has(key)) return false;
        walked.add(key);
        return isTooDeep(fragment.selectionSet, level);
      });
    return {
      OperationDefinition: (operation) => {
        if (!isTooDeep(operation.selectionSet, 1)) return;
        context.reportError(
          new GraphQLError(`This document is more than ${levelsMax} levels deep.`, { nodes: operation }),
        );
      },
    };
  };
}
