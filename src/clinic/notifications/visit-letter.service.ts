import { Inject, Injectable } from '@nestjs/common';
import type { MailMessage } from '../../platform/mail/index.js';
import type { Temporal } from '../../platform/time/index.js';
import type { VisitLetterFacts } from '../visits/visit-letter.type.js';
import { VisitNewsService } from '../visits/visit-news.service.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toPatient } from './letter-opening.rules.js';
import type { EarlierLetter } from './letter-verdict.rules.js';
import { LetterheadService, toAddressee, type Wording, wording } from './letterhead.service.js';
import {
  decideVisitLetter,
  timeOf,
  toVisitLetterVariables,
  type VisitLetterKind,
  type VisitLetterVariables,
} from './visit-letter.rules.js';

const WORDINGS: Record<VisitLetterKind, Wording<VisitLetterVariables>> = {
  VISIT_BOOKED: wording('visit-booked', ({ visitDate }) => `Your appointment on ${visitDate}`),
  VISIT_MOVED: wording('visit-moved', ({ visitDate, announced }) =>
    announced ? `Your appointment has a new time: ${visitDate}` : `Your appointment on ${visitDate}`,
  ),
  VISIT_CANCELLED: wording(
    'visit-cancelled',
    ({ visitDate }) => `Your appointment on ${visitDate} is cancelled`,
  ),
};

/** Letters about a visit of any kind but a scan. */
@Injectable()
export class VisitLetterService implements LetterMatter<VisitLetterKind> {
  readonly kinds = ['VISIT_BOOKED', 'VISIT_MOVED', 'VISIT_CANCELLED'] as const;

  constructor(
    @Inject(LetterheadService) private readonly letterhead: LetterheadService,
    @Inject(VisitNewsService) private readonly visits: Pick<VisitNewsService, 'letterFacts'>,
  ) {}

  async opening({ subjectId: aboutId }: Tidings<VisitLetterKind>): Promise<LetterOpening | null> {
    const facts = await this.visits.letterFacts(aboutId);
    return facts === null ? null : toPatient(facts.patientId, { aboutType: 'VISIT', aboutId });
  }

  async write(
    letter: LetterAtHand<VisitLetterKind>,
    earlier: readonly EarlierLetter[],
    now: Temporal.Instant,
  ): Promise<Written> {
    const facts = await this.#facts(letter, earlier);
    const verdict = decideVisitLetter(letter, facts, earlier, now);
    if (verdict.verdict !== 'SEND') return verdict;
    if (facts === null) throw new Error('a letter was to be sent about no visit');
    return { verdict: 'SEND', message: this.compose(letter, facts, verdict.address, earlier) };
  }

  async wording(letter: LetterAtHand<VisitLetterKind>, earlier: readonly EarlierLetter[]) {
    const facts = await this.#facts(letter, earlier);
    return facts === null ? null : this.compose(letter, facts, '', earlier);
  }

  #facts(letter: Tidings, earlier: readonly EarlierLetter[]): Promise<VisitLetterFacts | null> {
    const versions = [letter.subjectVersion, ...earlier.map(({ subjectVersion }) => subjectVersion)];
    return this.visits.letterFacts(letter.subjectId, versions);
  }

  /** Puts it into words. */
  compose(
    letter: Pick<LetterAtHand<VisitLetterKind>, 'kind' | 'messageId' | 'createdAt'>,
    facts: VisitLetterFacts,
    address: string,
    earlier: readonly EarlierLetter[],
  ): MailMessage {
    const variables = toVisitLetterVariables(letter.kind, facts, earlier, this.letterhead.setting);
    const { beginsAt, finishesAt } = timeOf(facts);
    const method = letter.kind === 'VISIT_CANCELLED' ? 'CANCEL' : 'REQUEST';
    const to = toAddressee(facts.patient, address);
    return this.letterhead.toMessage(letter, WORDINGS[letter.kind], variables, to, {
      method,
      uid: `visit-${facts.visitId}@facet`,
      sequence: facts.version,
      startsAt: beginsAt,
      endsAt: finishesAt,
      createdAt: facts.bookedAt,
      changedAt: facts.changedAt,
      description: eventDescription(variables, method),
      where: variables.addressLines,
    });
  }
}

/** What the calendar shows under the appointment. A calendar is seen by others: it says how, and nothing clinical. */
function eventDescription(variables: VisitLetterVariables, method: 'REQUEST' | 'CANCEL'): string {
  if (method === 'CANCEL') return 'This appointment is cancelled.';
  const details = 'Please read our e-mail about this appointment.';
  if (variables.isByTelephone) return `We call you at ${variables.beginTime}.\n${details}`;
  if (variables.isByVideo) return `By video, at ${variables.beginTime}.\n${details}`;
  return `Please come to reception at ${variables.beginTime}.\n${details}`;
}
