import { Inject, Injectable } from '@nestjs/common';
import type { MailMessage } from '../../platform/mail/index.js';
import type { Temporal } from '../../platform/time/index.js';
import { FreedPlaceLetterService as OfferFactsService } from '../visits/freed-place-letter.service.js';
import type { FreedPlaceLetterFacts } from '../visits/freed-place-letter.type.js';
import {
  decideFreedPlaceLetter,
  type FreedPlaceLetterKind,
  type FreedPlaceLetterVariables,
  toFreedPlaceLetterVariables,
} from './freed-place-letter.rules.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toPatient } from './letter-opening.rules.js';
import type { EarlierLetter } from './letter-verdict.rules.js';
import { LetterheadService, toAddressee, type Wording, wording } from './letterhead.service.js';

const WORDINGS: Record<FreedPlaceLetterKind, Wording<FreedPlaceLetterVariables>> = {
  FREED_PLACE_OFFERED: wording(
    'freed-place-offered',
    ({ visitDate }) => `A place is free on ${visitDate}: please answer soon`,
  ),
  FREED_PLACE_GONE: wording(
    'freed-place-gone',
    ({ visitDate }) => `The place on ${visitDate} is no longer free`,
  ),
};

/** Letters about a place that fell free and was offered to one who waits. */
@Injectable()
export class FreedPlaceLetterService implements LetterMatter<FreedPlaceLetterKind> {
  readonly kinds = ['FREED_PLACE_OFFERED', 'FREED_PLACE_GONE'] as const;

  constructor(
    @Inject(LetterheadService) private readonly letterhead: LetterheadService,
    @Inject(OfferFactsService) private readonly offers: Pick<OfferFactsService, 'letterFacts'>,
  ) {}

  async opening({ subjectId: aboutId }: Tidings<FreedPlaceLetterKind>): Promise<LetterOpening | null> {
    const facts = await this.offers.letterFacts(aboutId);
    return facts === null ? null : toPatient(facts.patientId, { aboutType: 'FREED_PLACE_OFFER', aboutId });
  }

  async write(
    letter: LetterAtHand<FreedPlaceLetterKind>,
    earlier: readonly EarlierLetter[],
    now: Temporal.Instant,
  ): Promise<Written> {
    const facts = await this.offers.letterFacts(letter.subjectId);
    const verdict = decideFreedPlaceLetter(letter.kind, facts, earlier, now);
    if (verdict.verdict !== 'SEND') return verdict;
    if (facts === null) throw new Error('a letter was to be sent about no offer');
    return { verdict: 'SEND', message: this.compose(letter, facts, verdict.address) };
  }

  async wording(letter: LetterAtHand<FreedPlaceLetterKind>) {
    const facts = await this.offers.letterFacts(letter.subjectId);
    return facts === null ? null : this.compose(letter, facts, '');
  }

  /** Puts it into words. There is no appointment yet, or none any more: no calendar entry. */
  compose(
    letter: Pick<LetterAtHand<FreedPlaceLetterKind>, 'kind' | 'messageId' | 'createdAt'>,
    facts: FreedPlaceLetterFacts,
    address: string,
  ): MailMessage {
    const variables = toFreedPlaceLetterVariables(facts, this.letterhead.setting);
    return this.letterhead.toMessage(
      letter,
      WORDINGS[letter.kind],
      variables,
      toAddressee(facts.patient, address),
      null,
    );
  }
}
