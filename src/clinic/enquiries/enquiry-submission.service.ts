import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { EnquiryChannel } from '../../platform/database/generated/enums.js';
import type { FormAnswer, SentForm } from '../../platform/http/public-form.js';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { Clock, Temporal } from '../../platform/time/index.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import type { ConsentWording } from '../consent/consent.type.js';
import { FormSentBefore } from './enquiry.refusals.js';
import { EnquiryEntryService } from './enquiry-entry.service.js';
import type { EnquiryEntry } from './enquiry-entry.type.js';
import {
  enquirerOf,
  formProblems,
  hasUnreadAnswers,
  isUrgent,
  redFlagAnswersOf,
} from './enquiry-form.rules.js';
import { EnquiryIntakeService } from './enquiry-intake.service.js';
import { PrivacyNoticeService } from './privacy-notice.service.js';
import { type AskedQuestionnaire, RedFlagQuestionnaireService } from './red-flag-questionnaire.service.js';

/** Whoever sends the form is not signed in: Facet itself writes it down, and says where it came from. */
const WEBSITE = 'website';
const WORDS = ['Thank you. We have what you sent us, and somebody will be in touch with you soon.'];
const OPEN_AGAIN = 'is too old or is not ours. Please open the form again, and send it once more.';

/** What stood on the page that came back. */
interface Shown {
  readonly at: Temporal.Instant;
  readonly questionnaire: AskedQuestionnaire;
  readonly notice: ConsentWording;
  readonly marketing: ConsentWording | null;
}

/** The website's form, once it has been read: judged, kept, answered. The answer repeats nothing of it. */
@Injectable()
export class EnquirySubmissionService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(EnquiryEntryService) private readonly entries: EnquiryEntryService,
    @Inject(EnquiryIntakeService) private readonly intake: EnquiryIntakeService,
    @Inject(PrivacyNoticeService) private readonly notices: PrivacyNoticeService,
    @Inject(RedFlagQuestionnaireService) private readonly questionnaires: RedFlagQuestionnaireService,
  ) {}

  /**
   * Whoever names a dangerous sign, or may have, is told what to do, also when the form is refused. What is probably not from a person
   * is answered like any other, and kept as spam.
   */
  async take(sent: SentForm): Promise<FormAnswer> {
    const shown = await this.#shownWith(sent);
    const asked = shown?.questionnaire ?? (await this.questionnaires.inForce());
    const isDanger =
      asked !== null && (isUrgent(sent.values, asked.questions) || hasUnreadAnswers(sent.problems));
    const urgent = isDanger ? asked.emergencyAdvice : null;
    if (shown === null) {
      return {
        kind: 'REFUSED',
        problems: [...sent.problems, { field: 'token', message: OPEN_AGAIN }],
        urgent,
      };
    }
    const problems = [
      ...sent.problems,
      ...formProblems(sent.values, shown.questionnaire.questions),
      ...this.entries.problems(EnquiryChannel.WEB, enquirerOf(sent.values)),
    ];
    if (problems.length > 0) return { kind: 'REFUSED', problems: onePerField(problems), urgent };
    return { kind: 'TAKEN', reference: await this.#keep(sent, shown), words: WORDS, urgent };
  }

  /** The reference of the form: the same when the same form comes again, also at the same moment. */
  async #keep(sent: SentForm, shown: Shown): Promise<string> {
    const known = await this.#referenceOf(sent.submissionKey);
    if (known !== null) return known;
    const actor: UnattendedActor = {
      ...{ kind: 'SYSTEM', id: null, label: WEBSITE, requestId: null },
      source: sent.address,
    };
    const received = await this.database.transaction(
      (tx) => this.intake.receive(tx, actor, this.#entryOf(sent, shown)),
      { onConstraint: { enquiries_submission_key_key: () => new FormSentBefore() } },
    );
    if (!isRefusal(received)) return received.enquiry.reference;
    const first = await this.#referenceOf(sent.submissionKey);
    if (first === null) throw new Error('a form was there and is not');
    return first;
  }

  async #referenceOf(submissionKey: string): Promise<string | null> {
    const row = await this.database.client.enquiry.findUnique({
      where: { submissionKey },
      select: { reference: true },
    });
    return row?.reference ?? null;
  }

  #entryOf(sent: SentForm, shown: Shown): EnquiryEntry {
    const at = this.clock.now();
    const { values, submissionKey, address, userAgent } = sent;
    const wantsNews = values.isTicked('marketing') && shown.marketing !== null;
    return {
      ...enquirerOf(values),
      channel: EnquiryChannel.WEB,
      receivedAt: at,
      redFlags: { questionnaireId: shown.questionnaire.id, answers: redFlagAnswersOf(values) },
      privacyNotice: { wordingId: shown.notice.id, at, byId: null },
      marketing:
        wantsNews && shown.marketing !== null ? { wordingId: shown.marketing.id, at, byId: null } : null,
      spamReason: sent.suspicion,
      form: { submissionKey, shownAt: shown.at, address, userAgent },
    };
  }

  /** The versions that the token remembers, and not those of today: people answer for what they have read. */
  async #shownWith({ shown }: SentForm): Promise<Shown | null> {
    if (shown === null) return null;
    const { questions = '', notice: noticeVersion = '', marketing: marketingVersion = '' } = shown.facts;
    const questionnaire = await this.questionnaires.byVersion(questions);
    const notice = await this.notices.notice(noticeVersion);
    if (questionnaire === null || notice === null) return null;
    const marketing = marketingVersion === '' ? null : await this.notices.marketing(marketingVersion);
    return { at: Temporal.Instant.fromEpochMilliseconds(shown.atMs), questionnaire, notice, marketing };
  }
}

/** One thing at a time: the first that is wrong with a field. */
function onePerField<Problem extends { readonly field: string }>(
  problems: readonly Problem[],
): readonly Problem[] {
  return problems.filter(({ field }, at) => problems.findIndex((one) => one.field === field) === at);
}
