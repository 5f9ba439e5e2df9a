import { Inject, Injectable } from '@nestjs/common';
import type { MailMessage } from '../../platform/mail/index.js';
import type { Temporal } from '../../platform/time/index.js';
import type { ScanLetterFacts } from '../imaging/scan-letter.type.js';
import { ScanRecordService } from '../imaging/scan-record.service.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toPatient } from './letter-opening.rules.js';
import { type EarlierLetter, lastHeard } from './letter-verdict.rules.js';
import { LetterheadService, toAddressee, type Wording, wording } from './letterhead.service.js';
import {
  decideScanLetter,
  type ScanLetterKind,
  type ScanLetterVariables,
  toScanLetterVariables,
} from './scan-letter.rules.js';

const WORDINGS: Record<ScanLetterKind, Wording<ScanLetterVariables>> = {
  SCAN_BOOKED: wording('scan-booked', ({ visitDate }) => `Your appointment on ${visitDate}`),
  SCAN_MOVED: wording('scan-moved', ({ visitDate, announced }) =>
    announced ? `Your appointment has a new time: ${visitDate}` : `Your appointment on ${visitDate}`,
  ),
  SCAN_CANCELLED: wording(
    'scan-cancelled',
    ({ visitDate }) => `Your appointment on ${visitDate} is cancelled`,
  ),
};

/** Letters about a scan. */
@Injectable()
export class ScanLetterService implements LetterMatter<ScanLetterKind> {
  readonly kinds = ['SCAN_BOOKED', 'SCAN_MOVED', 'SCAN_CANCELLED'] as const;

  constructor(
    @Inject(LetterheadService) private readonly letterhead: LetterheadService,
    @Inject(ScanRecordService) private readonly scans: Pick<ScanRecordService, 'letterFacts'>,
  ) {}

  async opening({ subjectId: aboutId }: Tidings<ScanLetterKind>): Promise<LetterOpening | null> {
    const facts = await this.scans.letterFacts(aboutId);
    return facts === null ? null : toPatient(facts.patientId, { aboutType: 'SCAN_BOOKING', aboutId });
  }

  async write(
    letter: LetterAtHand<ScanLetterKind>,
    earlier: readonly EarlierLetter[],
    now: Temporal.Instant,
  ): Promise<Written> {
    const facts = await this.scans.letterFacts(letter.subjectId);
    const heard = lastHeard(earlier);
    const verdict = decideScanLetter(letter, facts, earlier, now);
    if (verdict.verdict !== 'SEND') return verdict;
    if (facts === null) throw new Error('a letter was to be sent about no scan');
    return { verdict: 'SEND', message: this.compose(letter, facts, verdict.address, heard !== null) };
  }

  async wording(letter: LetterAtHand<ScanLetterKind>, earlier: readonly EarlierLetter[]) {
    const facts = await this.scans.letterFacts(letter.subjectId);
    if (facts === null) return null;
    return this.compose(letter, facts, '', lastHeard(earlier) !== null);
  }

  /** Puts it into words. `announced`: has the patient heard of this visit before? */
  compose(
    letter: Pick<LetterAtHand<ScanLetterKind>, 'kind' | 'messageId' | 'createdAt'>,
    facts: ScanLetterFacts,
    address: string,
    announced: boolean,
  ): MailMessage {
    const variables = toScanLetterVariables(facts, facts.places, this.letterhead.setting, announced);
    const method = letter.kind === 'SCAN_CANCELLED' ? 'CANCEL' : 'REQUEST';
    const to = toAddressee(facts.patient, address);
    return this.letterhead.toMessage(letter, WORDINGS[letter.kind], variables, to, {
      method,
      // The visit is one event from injection to the end of the scan: a message may invite to one event only
      // (RFC 5546, 3.2.2), and common mail programs show the first and drop the rest.
      uid: `scan-${facts.bookingId}@facet`,
      sequence: facts.version,
      startsAt: facts.injectionStartsAt,
      endsAt: facts.scanEndsAt,
      createdAt: facts.bookedAt,
      changedAt: facts.changedAt,
      description: eventDescription(variables, method),
      where: [],
    });
  }
}

/** What the calendar shows under the appointment. A calendar is seen by others: times and places, nothing clinical. */
function eventDescription(variables: ScanLetterVariables, method: 'REQUEST' | 'CANCEL'): string {
  if (method === 'CANCEL') return 'This appointment is cancelled.';
  return [
    `${variables.injectionTime}  First part, ${variables.injectionRoom}`,
    `${variables.scanTime}  Second part, ${variables.camera}`,
    `${variables.finishTime}  Finish`,
    '',
    'Please read our e-mail about this appointment: it tells you how to prepare.',
  ].join('\n');
}
