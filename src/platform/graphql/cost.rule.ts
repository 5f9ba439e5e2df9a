import {
  type ASTVisitor,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLNamedType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  type SelectionSetNode,
  typeFromAST,
  type ValidationContext,
} from 'graphql';

/**
 * Objects that one request may ask for, counted before anything runs. The fullest screen of the clinic (a page of 100
 * bookings, each with patient, referral, letters and worklist entries) comes to about 2,000; a cycle of lists inside
 * lists would come to millions and stop the process for everybody.
 */
export const COST_MAX_OBJECTS = 10_000;

/** A page whose size comes from a variable, or is not named, counts as the largest page there is. */
const PAGE_OBJECTS = 100;
/** A list that is not a page: the referrals of a patient, the entries of a booking. */
const LIST_OBJECTS = 10;

/** Refuses a request that asks for more objects than any screen needs, by multiplying its lists along each path. */
export function costRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition: (operation) => {
      const root = context.getSchema().getRootType(operation.operation);
      if (!root) return;
      const cost = costOf(context, operation.selectionSet, root, new Set());
      if (cost <= COST_MAX_OBJECTS) return;
      context.reportError(
        new GraphQLError(
          `This query asks for up to ${cost} objects; at most ${COST_MAX_OBJECTS} are allowed. Ask for smaller pages or fewer lists inside lists.`,
          { nodes: operation },
        ),
      );
    },
  };
}

function costOf(
  context: ValidationContext,
  selections: SelectionSetNode,
  parent: GraphQLNamedType,
  open: ReadonlySet<string>,
): number {
  let cost = 0;
  for (const selection of selections.selections) {
    // Beyond the limit it does not matter by how much; and a hostile query must not cost us the counting.
    if (cost > COST_MAX_OBJECTS) return cost;
    if (selection.kind === 'Field') cost += costOfField(context, selection, parent, open);
    else if (selection.kind === 'InlineFragment') {
      const named = selection.typeCondition
        ? typeFromAST(context.getSchema(), selection.typeCondition)
        : parent;
      if (named) cost += costOf(context, selection.selectionSet, getNamedType(named), open);
    } else cost += costOfFragment(context, context.getFragment(selection.name.value), open);
  }
  return cost;
}

/** A fragment that spreads itself is refused by another rule; here it only must not run for ever. */
function costOfFragment(
  context: ValidationContext,
  fragment: FragmentDefinitionNode | null | undefined,
  open: ReadonlySet<string>,
): number {
  if (!fragment || open.has(fragment.name.value)) return 0;
  const type = typeFromAST(context.getSchema(), fragment.typeCondition);
  return type ? costOf(context, fragment.selectionSet, type, new Set([...open, fragment.name.value])) : 0;
}

function costOfField(
  context: ValidationContext,
  field: FieldNode,
  parent: GraphQLNamedType,
  open: ReadonlySet<string>,
): number {
  if (!field.selectionSet || !(isObjectType(parent) || isInterfaceType(parent))) return 0;
  const type: GraphQLOutputType | undefined = parent.getFields()[field.name.value]?.type;
  if (!type) return 0;
  const named = getNamedType(type);
  if (!isCompositeType(named)) return 0;
  const times = isListType(getNullableType(type)) ? sizeOfList(field, parent) : 1;
  return times * (1 + costOf(context, field.selectionSet, named, open));
}

/** `items` of a page type are as many as a page may hold. */
function sizeOfList(field: FieldNode, parent: GraphQLNamedType): number {
  return field.name.value === 'items' && parent.name.endsWith('Page') ? PAGE_OBJECTS : LIST_OBJECTS;
}
