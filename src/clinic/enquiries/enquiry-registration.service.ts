import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { EnquiryChannel } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal } from '../../platform/refusal/refusal.js';
import { Clock, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { mayAskRedFlagsLater } from './enquiry.rules.js';
import type { EnquiryRegistered, RegisterEnquiryInput } from './enquiry-action.type.js';
import { EnquiryEntryService } from './enquiry-entry.service.js';
import type { RedFlagsEntry, WordingSeen } from './enquiry-entry.type.js';
import { EnquiryIntakeService } from './enquiry-intake.service.js';
import { PrivacyNoticeService } from './privacy-notice.service.js';
import { type RedFlagQuestionsDiffer, RedFlagsNotAsked } from './red-flag.refusals.js';
import { canRecord } from './red-flag-asking.service.js';
import { RedFlagQuestionnaireService } from './red-flag-questionnaire.service.js';

/** Enquiries that staff take down: on the telephone, at the desk, from a voicemail or from paper. */
@Injectable()
export class EnquiryRegistrationService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(EnquiryEntryService) private readonly entries: EnquiryEntryService,
    @Inject(EnquiryIntakeService) private readonly intake: EnquiryIntakeService,
    @Inject(PrivacyNoticeService) private readonly notices: PrivacyNoticeService,
    @Inject(RedFlagQuestionnaireService) private readonly questionnaires: RedFlagQuestionnaireService,
  ) {}

  /**
   * Takes an enquiry in. BAD_INPUT names each field; refused as RedFlagsNotAsked when somebody was spoken to and not
   * asked, and as RedFlagQuestionsDiffer when not each question of the version in force has one answer.
   */
  async registerEnquiry(
    actor: StaffActor,
    input: RegisterEnquiryInput,
  ): Promise<EnquiryRegistered | RedFlagsNotAsked | RedFlagQuestionsDiffer> {
    const problems = this.entries.problems(input.channel, input);
    if (problems.length > 0)
      throw badInput(problems.map(({ field, message }) => `${field}: ${message}`).join(' '));
    const now = this.clock.now();
    const receivedAt = input.receivedAt ?? now;
    if (Temporal.Instant.compare(receivedAt, now) > 0)
      throw badInput('receivedAt: must not be in the future.');
    const seen = await this.#wordings(actor, input, now);
    return this.database.transaction(async (tx) => {
      const redFlags = await this.#redFlags(tx, input);
      if (isRefusal(redFlags)) return redFlags;
      return this.intake.receive(tx, actor, { ...input, ...seen, receivedAt, redFlags });
    });
  }

  async #wordings(actor: StaffActor, input: RegisterEnquiryInput, at: Temporal.Instant) {
    const { privacyNoticeVersion: version } = input;
    if (!version && input.channel === EnquiryChannel.WEB) {
      throw badInput(
        'privacyNoticeVersion: is needed: on the website the notice is ticked before anything is sent.',
      );
    }
    const seen = (wordingId: string): WordingSeen => ({ wordingId, at, byId: actor.id });
    return {
      privacyNotice: version ? seen((await this.notices.mustBeInForce(version)).id) : null,
      marketing: input.wantsNews ? seen((await this.notices.mustHaveMarketing()).id) : null,
    };
  }

  async #redFlags(
    tx: Tx,
    { channel, redFlags, redFlagsNotAskedWhy }: RegisterEnquiryInput,
  ): Promise<RedFlagsEntry | RedFlagsNotAsked | RedFlagQuestionsDiffer> {
    if (!redFlags) {
      if (!redFlagsNotAskedWhy || !mayAskRedFlagsLater(channel)) return new RedFlagsNotAsked();
      return { notAskedWhy: redFlagsNotAskedWhy.normalize('NFC').trim() };
    }
    const questionnaire = await this.questionnaires.mustBeInForce(tx);
    const refusal = canRecord(questionnaire, redFlags);
    return refusal ?? { questionnaireId: questionnaire.id, answers: redFlags.answers };
  }
}
