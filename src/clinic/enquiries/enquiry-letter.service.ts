import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  EnquiryMessageDirection,
  EnquiryStatus,
  RedFlagAlertStatus,
} from '../../platform/database/generated/enums.js';
import {
  afterDeskMinutes,
  dateFromInstant,
  instantFromDate,
  type Temporal,
} from '../../platform/time/index.js';
import { CalendarService } from '../calendar/calendar.service.js';
import { referenceOf } from '../referrals/referral-letter.service.js';
import { CallBackPolicyService } from './call-back-policy.service.js';
import { enquiriesOfEmail } from './enquiry.queries.js';
import { nameForLetter } from './enquiry.rules.js';
import type { EnquiryMatter, EnquiryReplyMatter, RedFlagMatter } from './enquiry-letter.type.js';
import { RedFlagQuestionnaireService } from './red-flag-questionnaire.service.js';

/** A thread that names more e-mails than this before it makes a header that servers refuse. */
const REFERENCES_MAX = 20;

/** So many acknowledgements one address gets of its own accord … */
const ACKNOWLEDGED_MAX = 3;
/** … in this time. */
const ACKNOWLEDGED_WITHIN_HOURS = 24;

const SETTLED: readonly EnquiryStatus[] = [EnquiryStatus.SPAM, EnquiryStatus.CLOSED, EnquiryStatus.CONVERTED];

/** What the room that writes letters has to know of enquiries, as they stand now. Unrecorded: nobody is shown anything. */
@Injectable()
export class EnquiryLetterService {
  constructor(
    @Inject(CalendarService) private readonly calendar: CalendarService,
    @Inject(CallBackPolicyService) private readonly policies: CallBackPolicyService,
    @Inject(RedFlagQuestionnaireService) private readonly questionnaires: RedFlagQuestionnaireService,
  ) {}

  /** For the acknowledgement and the notice of an enquiry; null: nothing is to be said any more. */
  async matter(tx: Tx, enquiryId: string): Promise<EnquiryMatter | null> {
    const row = await tx.enquiry.findUnique({
      where: { id: enquiryId },
      include: {
        redFlagAlerts: { where: { status: RedFlagAlertStatus.OPEN }, select: { id: true } },
        messages: {
          where: { direction: EnquiryMessageDirection.IN },
          orderBy: [{ at: 'asc' }, { id: 'asc' }],
          take: 1,
        },
      },
    });
    if (row === null || row.destroyedAt !== null || SETTLED.includes(row.status)) return null;
    const receivedAt = instantFromDate(row.receivedAt);
    return {
      enquiryId,
      reference: row.reference,
      receivedAt,
      patientId: row.patientId,
      enquirer: { name: nameForLetter(row.name), email: await this.#emailToAnswer(tx, row) },
      preferredWay: row.preferredWay,
      isAutomatic: row.isAutomatic,
      answerBy: await this.#answerBy(tx, receivedAt),
      hasRedFlag: row.redFlagAlerts.length > 0,
      emergencyAdvice: (await this.questionnaires.mustBeInForce(tx)).emergencyAdvice,
      emailMessageId: row.messages[0]?.emailMessageId ?? null,
    };
  }

  /** For a reply that staff wrote; null: there is none such, or what was told has been destroyed. */
  async replyMatter(tx: Tx, messageId: string): Promise<EnquiryReplyMatter | null> {
    const row = await tx.enquiryMessage.findUnique({ where: { id: messageId }, include: { enquiry: true } });
    if (row === null || row.direction !== EnquiryMessageDirection.OUT || row.emailMessageId === null)
      return null;
    const { enquiry } = row;
    if (enquiry.destroyedAt !== null) return null;
    const before = await tx.enquiryMessage.findMany({
      where: {
        enquiryId: enquiry.id,
        emailMessageId: { not: null },
        at: { lte: row.at },
        id: { not: row.id },
      },
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      take: REFERENCES_MAX,
      select: { emailMessageId: true },
    });
    return {
      enquiryId: enquiry.id,
      reference: enquiry.reference,
      patientId: enquiry.patientId,
      enquirer: { name: nameForLetter(enquiry.name), email: enquiry.email },
      text: row.text,
      emailMessageId: row.emailMessageId,
      references: before.reverse().flatMap(({ emailMessageId }) => emailMessageId ?? []),
      emergencyAdvice: (await this.questionnaires.mustBeInForce(tx)).emergencyAdvice,
    };
  }

  /** For the notice of an alert; null once it is closed. */
  async alertMatter(tx: Tx, alertId: string, _version: number): Promise<RedFlagMatter | null> {
    const row = await tx.redFlagAlert.findUnique({
      where: { id: alertId },
      include: { enquiry: true, referral: true },
    });
    if (row === null || row.status === RedFlagAlertStatus.CLOSED) return null;
    const raisedAt = instantFromDate(row.raisedAt);
    const { enquiry, referral } = row;
    if (enquiry !== null) {
      const { id, reference, patientId } = enquiry;
      return { about: { type: 'ENQUIRY', id }, reference, patientId, raisedAt };
    }
    if (referral === null) throw new Error(`The alert ${alertId} is about nothing.`);
    const { id, patientId } = referral;
    return { about: { type: 'REFERRAL', id }, reference: referenceOf(id), patientId, raisedAt };
  }

  /**
   * The address, unless it was written to by itself often enough of late: anybody can put anybody's address into a form.
   * What staff write is not counted.
   */
  async #emailToAnswer(
    tx: Tx,
    {
      id,
      email,
      receivedAt,
    }: { readonly id: string; readonly email: string | null; readonly receivedAt: Date },
  ): Promise<string | null> {
    if (email === null) return null;
    const since = dateFromInstant(instantFromDate(receivedAt).subtract({ hours: ACKNOWLEDGED_WITHIN_HOURS }));
    const [{ count } = { count: 0 }] = await tx.$queryRaw<{ count: number }[]>(
      enquiriesOfEmail(email, since, { receivedAt, id }),
    );
    return count < ACKNOWLEDGED_MAX ? email : null;
  }

  /** By the service level of call-backs: within its minutes of desk hours, whether we ring or write. */
  async #answerBy(tx: Tx, receivedAt: Temporal.Instant): Promise<Temporal.Instant> {
    const { normalMinutes } = await this.policies.inForce(tx, receivedAt);
    const hours = await this.calendar.deskHours(tx, receivedAt);
    return afterDeskMinutes(receivedAt, normalMinutes, hours);
  }
}
