import {
  type ASTVisitor,
  type FieldNode,
  GraphQLError,
  type GraphQLNamedType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  typeFromAST,
  type ValidationContext,
} from 'graphql';

/**
 * Objects that one request may ask for, counted before anything runs. The fullest screen of the clinic (a page of 25
 * patients, each with their bookings, letters, worklist entries and referrals) comes to about 6,000; a cycle of lists
 * inside lists would come to millions and stop the process for everybody.
 */
export const COST_MAX_OBJECTS = 10_000;

/** What a page holds at most, and when no size is named (see PageInput). */
const PAGE_MAX_OBJECTS = 100;
const PAGE_DEFAULT_OBJECTS = 25;
/** A list that is not a page: the referrals of a patient, the entries of a booking. */
const LIST_OBJECTS = 10;

/** Refuses a request that asks for more objects than any screen needs, by multiplying its lists along each path. */
export function costRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition: (operation) => {
      const root = context.getSchema().getRootType(operation.operation);
      if (!root) return;
      const cost = new CostCount(context).of(operation.selectionSet, root, 0);
      if (cost <= COST_MAX_OBJECTS) return;
      const shown = cost > 1_000_000 ? 'more than a million' : `up to ${cost}`;
      context.reportError(
        new GraphQLError(
          `This query asks for ${shown} objects; at most ${COST_MAX_OBJECTS} are allowed. Ask for smaller pages or fewer lists inside lists.`,
          { nodes: operation },
        ),
      );
    },
  };
}

class CostCount {
  /**
   * Each fragment is counted once, however often it is spread: fragments that spread fragments would double the work at
   * each level. A fragment that spreads itself, which another rule refuses, counts as nothing while it is being counted.
   */
  private readonly fragments = new Map<string, number>();

  constructor(private readonly context: ValidationContext) {}

  /** `pageSize` is what the field above said of its page, for the `items` below it. */
  of(selections: SelectionSetNode, parent: GraphQLNamedType, pageSize: number): number {
    let cost = 0;
    for (const selection of selections.selections) {
      switch (selection.kind) {
        case Kind.FIELD:
          cost += this.ofField(selection, parent, pageSize);
          break;
        case Kind.INLINE_FRAGMENT: {
          const type = selection.typeCondition
            ? typeFromAST(this.context.getSchema(), selection.typeCondition)
            : parent;
          if (type) cost += this.of(selection.selectionSet, type, pageSize);
          break;
        }
        case Kind.FRAGMENT_SPREAD:
          cost += this.ofFragment(selection.name.value, pageSize);
      }
    }
    return cost;
  }

  private ofFragment(name: string, pageSize: number): number {
    const key = `${name} ${pageSize}`;
    const known = this.fragments.get(key);
    if (known !== undefined) return known;
    this.fragments.set(key, 0);
    const fragment = this.context.getFragment(name);
    const type = fragment ? typeFromAST(this.context.getSchema(), fragment.typeCondition) : undefined;
    const cost = fragment && type ? this.of(fragment.selectionSet, type, pageSize) : 0;
    this.fragments.set(key, cost);
    return cost;
  }

  private ofField(field: FieldNode, parent: GraphQLNamedType, pageSize: number): number {
    if (!field.selectionSet || !(isObjectType(parent) || isInterfaceType(parent))) return 0;
    const type: GraphQLOutputType | undefined = parent.getFields()[field.name.value]?.type;
    if (!type) return 0;
    const named = getNamedType(type);
    if (!isCompositeType(named)) return 0;
    const isList = isListType(getNullableType(type));
    const isItems = field.name.value === 'items' && parent.name.endsWith('Page');
    const times = isItems ? pageSize : isList ? LIST_OBJECTS : 1;
    return times * (1 + this.of(field.selectionSet, named, pageSizeOf(field)));
  }
}

/** The size in `page: { size: 5 }`; a variable may be any, so it counts as the largest. */
function pageSizeOf(field: FieldNode): number {
  const page = field.arguments?.find((argument) => argument.name.value === 'page')?.value;
  if (page === undefined) return PAGE_DEFAULT_OBJECTS;
  if (page.kind !== Kind.OBJECT) return PAGE_MAX_OBJECTS;
  const size = page.fields.find((part) => part.name.value === 'size')?.value;
  if (size === undefined) return PAGE_DEFAULT_OBJECTS;
  return size.kind === Kind.INT
    ? Math.min(Math.max(Number(size.value), 1), PAGE_MAX_OBJECTS)
    : PAGE_MAX_OBJECTS;
}
