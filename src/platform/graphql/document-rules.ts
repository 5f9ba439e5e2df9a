import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';

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
