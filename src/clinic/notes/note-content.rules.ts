import {
  type Discipline,
  type NoteAddendumKind,
  NoteItemCode,
} from '../../platform/database/generated/enums.js';

/** What somebody wrote: Markdown as it was typed, and items beside it. */
export interface NoteItemFacts {
  readonly code: NoteItemCode;
  readonly text: string;
  readonly value: number | null;
  readonly unit: string | null;
}
export interface NoteContentFacts {
  readonly text: string;
  readonly items: readonly NoteItemFacts[];
}

/** What stands in the way of signing: sentences that say what to do. */
export function problemsOf({ text, items }: NoteContentFacts): readonly string[] {
  return [
    ...(text.trim() === '' && items.length === 0 ? ['Write something, or enter an item.'] : []),
    ...items.flatMap((item, at) => problemsOfItem(item).map((problem) => `Item ${at + 1}: ${problem}`)),
  ];
}

function problemsOfItem({ code, text, value, unit }: NoteItemFacts): readonly string[] {
  const isMeasure = code === NoteItemCode.MEASURE;
  return [
    ...(text.trim() === '' ? ['say what it is.'] : []),
    ...(isMeasure && value === null ? ['enter the value that was measured.'] : []),
    ...(!isMeasure && (value !== null || unit !== null) ? ['only a measure has a value and a unit.'] : []),
  ];
}

/** Two texts are the same when nothing would be lost by keeping only one. */
export function isSameContent(a: NoteContentFacts, b: NoteContentFacts): boolean {
  return contentInOrder(a) === contentInOrder(b);
}

/** What a fingerprint is taken of: the text as it was typed, its items in order, and whose section of what it is. */
export function signedText(
  of: { readonly sectionId: string; readonly authorId: string; readonly discipline: Discipline },
  content: NoteContentFacts,
): string {
  return JSON.stringify([of.sectionId, of.authorId, of.discipline, contentInOrder(content)]);
}

/** The same for an addendum. */
export function signedAddendum(
  of: { readonly sectionId: string; readonly authorId: string; readonly discipline: Discipline },
  number: number,
  kind: NoteAddendumKind,
  text: string,
): string {
  return JSON.stringify([of.sectionId, of.authorId, of.discipline, number, kind, text]);
}

function contentInOrder({ text, items }: NoteContentFacts): string {
  return JSON.stringify([text, items.map(({ code, text: said, value, unit }) => [code, said, value, unit])]);
}
