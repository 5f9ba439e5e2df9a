import { SafetyDecider, SafetyItemKind, SafetyReply } from '../../platform/database/generated/enums.js';

export interface SafetyItemFacts {
  readonly code: string;
  readonly kind: SafetyItemKind;
  readonly expected: SafetyReply | null;
  readonly decidedBy: SafetyDecider;
}

export interface SafetyReplyFacts {
  readonly code: string;
  readonly reply: SafetyReply;
}

export interface WeighedFacts {
  readonly weightKg: number | null;
  /** What the table bears; null: nobody has said. */
  readonly limitKg: number | null;
}

/** The strictest last. */
const STRICTNESS = [SafetyDecider.OPERATOR, SafetyDecider.PRACTITIONER, SafetyDecider.NOBODY] as const;

/** Items without an answer, by code, and whether there is an answer without an item. */
export function unansweredItems(
  items: readonly SafetyItemFacts[],
  replies: readonly SafetyReplyFacts[],
  weightKg: number | null,
): { readonly unanswered: readonly string[]; readonly isForeign: boolean } {
  const asked = items.filter(({ kind }) => kind === SafetyItemKind.YES_OR_NO).map(({ code }) => code);
  const weighed = items.filter(({ kind }) => kind === SafetyItemKind.WEIGHT).map(({ code }) => code);
  const answered = new Set(replies.map(({ code }) => code));
  return {
    unanswered: [...asked.filter((code) => !answered.has(code)), ...(weightKg === null ? weighed : [])],
    isForeign: answered.size !== replies.length || replies.some(({ code }) => !asked.includes(code)),
  };
}

/**
 * The items that are not as they should be, in the order of the list. Who is not sure is not as expected; a weight is
 * where the table bears it exactly. Of a table of which nobody has said what it bears, whoever scans looks and decides.
 */
export function concernsOf<Item extends SafetyItemFacts>(
  items: readonly Item[],
  replies: readonly SafetyReplyFacts[],
  { weightKg, limitKg }: WeighedFacts,
): readonly Item[] {
  const given = new Map(replies.map(({ code, reply }) => [code, reply]));
  return items.flatMap((item) => {
    if (item.kind === SafetyItemKind.YES_OR_NO) return given.get(item.code) === item.expected ? [] : [item];
    if (weightKg === null || limitKg === null) return [{ ...item, decidedBy: SafetyDecider.OPERATOR }];
    return weightKg > limitKg ? [item] : [];
  });
}

/** Who may decide about them: whoever the strictest of them asks for; null: there is nothing to decide. */
export function deciderOf(concerns: readonly Pick<SafetyItemFacts, 'decidedBy'>[]): SafetyDecider | null {
  return STRICTNESS.findLast((decider) => concerns.some(({ decidedBy }) => decidedBy === decider)) ?? null;
}

/** What is wrong with a new checklist; null: nothing. */
export function templateProblem(items: readonly Omit<SafetyItemFacts, 'decidedBy'>[]): string | null {
  if (new Set(items.map(({ code }) => code)).size !== items.length) {
    return 'items: must have a code of its own each.';
  }
  if (items.filter(({ kind }) => kind === SafetyItemKind.WEIGHT).length > 1) {
    return 'items: must ask for the weight once at most.';
  }
  const odd = items.find(({ kind, expected }) =>
    kind === SafetyItemKind.WEIGHT
      ? expected !== null
      : expected === null || expected === SafetyReply.NOT_SURE,
  );
  return odd === undefined
    ? null
    : `items: ${odd.code} must expect YES or NO, and nothing where it is the weight.`;
}
