import { RedFlagKind, RedFlagReply } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';

/** A question, as far as answers to it matter. */
export interface RedFlagQuestionFacts {
  readonly code: string;
  readonly kind: RedFlagKind;
}

export interface RedFlagAnswerFacts {
  readonly code: string;
  readonly answer: RedFlagReply;
}

/** While nobody has said that they saw it. In a community the pathway counts in hours; staff are told well within the first. */
export const REMIND_UNSEEN_MINUTES = 15;
/** Once somebody has: until a clinician has closed it. */
export const REMIND_SEEN_MINUTES = 60;

/** Questions without an answer, and answers without a question: both must be none. */
export function unansweredCodes(
  questions: readonly RedFlagQuestionFacts[],
  answers: readonly RedFlagAnswerFacts[],
): { readonly unanswered: readonly string[]; readonly isForeign: boolean } {
  const asked = new Set(questions.map(({ code }) => code));
  const answered = new Set(answers.map(({ code }) => code));
  const isForeign = answers.length !== answered.size || answers.some(({ code }) => !asked.has(code));
  return { unanswered: [...asked].filter((code) => !answered.has(code)), isForeign };
}

/**
 * The questions that raise an alert, by code: every yes, and a "not sure" about signs of cauda equina syndrome, where
 * hours count and nobody is sure at first.
 */
export function raisedCodes(
  questions: readonly RedFlagQuestionFacts[],
  answers: readonly RedFlagAnswerFacts[],
): readonly string[] {
  const kinds = new Map(questions.map(({ code, kind }) => [code, kind]));
  return answers
    .filter(
      ({ code, answer }) =>
        answer === RedFlagReply.YES ||
        (answer === RedFlagReply.NOT_SURE && kinds.get(code) === RedFlagKind.CAUDA_EQUINA),
    )
    .map(({ code }) => code);
}

/** Small letters without accents, apostrophes and punctuation; one space between words, one at either end. */
function folded(text: string): string {
  const plain = text
    .normalize('NFD')
    .replace(/[\p{M}'’ʼ‘`]/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return ` ${plain} `;
}

/** Those of the phrases that stand in the text as whole words. Generous: a person looks at what it finds. */
export function wordsSeen(text: string, phrases: readonly string[]): readonly string[] {
  const searched = folded(text);
  return phrases.filter((phrase) => folded(phrase) !== '  ' && searched.includes(folded(phrase)));
}

/** The one in force: the latest that has begun; of one moment the one recorded last. */
export function inForceAt<
  Dated extends { readonly effectiveFrom: Temporal.Instant; readonly recordedAt: Temporal.Instant },
>(versions: readonly Dated[], at: Temporal.Instant): Dated | null {
  const begun = versions.filter(({ effectiveFrom }) => Temporal.Instant.compare(effectiveFrom, at) <= 0);
  return begun.reduce<Dated | null>(
    (best, next) => (best === null || isLater(next, best) ? next : best),
    null,
  );
}

function isLater(
  a: { readonly effectiveFrom: Temporal.Instant; readonly recordedAt: Temporal.Instant },
  b: { readonly effectiveFrom: Temporal.Instant; readonly recordedAt: Temporal.Instant },
): boolean {
  const order = Temporal.Instant.compare(a.effectiveFrom, b.effectiveFrom);
  return (order || Temporal.Instant.compare(a.recordedAt, b.recordedAt)) > 0;
}

/** When the clinic is told of an open alert again. */
export function remindAt(alert: {
  readonly raisedAt: Temporal.Instant;
  readonly remindedAt: Temporal.Instant | null;
  readonly acknowledgedAt: Temporal.Instant | null;
}): Temporal.Instant {
  const minutes = alert.acknowledgedAt === null ? REMIND_UNSEEN_MINUTES : REMIND_SEEN_MINUTES;
  return (alert.remindedAt ?? alert.raisedAt).add({ minutes });
}

/** What is wrong with a new set of questions; null: nothing that the database would not say better. */
export function asksAboutCaudaEquina(questions: readonly RedFlagQuestionFacts[]): boolean {
  return questions.some(({ kind }) => kind === RedFlagKind.CAUDA_EQUINA);
}
