import { Inject, Injectable } from '@nestjs/common';
import type { MailMessage } from '../../platform/mail/index.js';
import {
  type ClinicNoticeKind,
  type NoticeFacts,
  type NoticeVariables,
  toNoticeVariables,
} from './clinic-notice.rules.js';
import type { LetterAtHand, Written } from './letter-matter.type.js';
import { MOVED_ON, suppressed } from './letter-verdict.rules.js';
import { type Addressee, LetterheadService, wording } from './letterhead.service.js';

const NOTICE = wording<NoticeVariables>('clinic-notice', ({ subject }) => subject);

/** Notices to the clinic itself, to all whom it has named, in one message; or to one member of staff. */
@Injectable()
export class ClinicNoticeService {
  constructor(@Inject(LetterheadService) private readonly letterhead: LetterheadService) {}

  /** `facts`: null when there is nothing to be seen to any more. `to`: the one whom it is for; null: the clinic. */
  write(
    letter: LetterAtHand<ClinicNoticeKind>,
    facts: NoticeFacts | null,
    to: Addressee | null = null,
  ): Written {
    if (facts === null) return MOVED_ON;
    const noticesTo = to === null ? this.letterhead.noticesTo() : ([to] as const);
    if (noticesTo === null) return suppressed('NO_CLINIC_ADDRESS');
    return { verdict: 'SEND', message: this.compose(letter, facts, noticesTo) };
  }

  /** The notice as it would read, whoever gets it. */
  wording(
    letter: LetterAtHand<ClinicNoticeKind>,
    facts: NoticeFacts | null,
    to: Addressee | null = null,
  ): MailMessage | null {
    if (facts === null) return null;
    if (to !== null) return this.compose(letter, facts, [to]);
    const nobody = { name: this.letterhead.setting.clinicName, address: '' };
    return this.compose(letter, facts, this.letterhead.noticesTo() ?? [nobody]);
  }

  compose(
    letter: Pick<LetterAtHand<ClinicNoticeKind>, 'kind' | 'messageId' | 'createdAt'>,
    facts: NoticeFacts,
    [to, ...alsoTo]: readonly [Addressee, ...Addressee[]],
  ): MailMessage {
    const variables = toNoticeVariables(letter.kind, facts, this.letterhead.setting);
    const { isUrgent } = variables;
    const message = this.letterhead.toMessage(letter, NOTICE, variables, to, null, { alsoTo, isUrgent });
    return { ...message, name: letter.kind.toLowerCase().replaceAll('_', '-') };
  }
}
