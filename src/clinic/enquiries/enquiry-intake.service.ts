import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  EnquiryMessageDirection,
  EnquiryStatus,
  RedFlagsAsked,
} from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { Clock, dateFromInstant, dateFromPlainDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { ContactReadingService } from '../patients/contact-reading.service.js';
import { REFERENCE_LETTERS_COUNT, toReference } from './enquiry.rules.js';
import type { Enquiry } from './enquiry.type.js';
import type { EnquiryEntry } from './enquiry-entry.type.js';
import { EnquiryEventService } from './enquiry-event.service.js';
import { ENQUIRY_TOPICS } from './enquiry-letter.type.js';
import { auditFacts, toEnquiry } from './enquiry-record.service.js';
import { RedFlagAskingService } from './red-flag-asking.service.js';

/** An enquiry that was taken in, and what is to be said at once; null: nothing. */
export interface ReceivedEnquiry {
  readonly enquiry: Enquiry;
  readonly emergencyAdvice: string | null;
}

const none = (text: string | null | undefined): string | null => text?.normalize('NFC').trim() || null;

/** Takes enquiries in, by whichever door they come: kept, written down, looked at for red flags, acknowledged. */
@Injectable()
export class EnquiryIntakeService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(ContactReadingService) private readonly contacts: ContactReadingService,
    @Inject(RedFlagAskingService) private readonly askings: RedFlagAskingService,
    @Inject(EnquiryEventService) private readonly events: EnquiryEventService,
  ) {
    outbox.declare(ENQUIRY_TOPICS.received);
  }

  /** What is spam is kept and acknowledged to nobody; a red flag in it raises its alert all the same. */
  async receive(tx: Tx, actor: Actor, entry: EnquiryEntry): Promise<ReceivedEnquiry> {
    const enquiry = await this.#write(tx, actor, entry);
    await this.audit.record(tx, actor, {
      action: 'enquiry.received',
      subjectType: 'enquiry',
      subjectId: enquiry.id,
      after: auditFacts(enquiry),
    });
    await this.events.record(tx, enquiry.id, actor, 'enquiry.received', { channel: enquiry.channel });
    const emergencyAdvice = await this.askings.recordFirst(
      tx,
      actor,
      enquiry,
      entry.redFlags,
      entry.message ?? null,
    );
    if (enquiry.status !== EnquiryStatus.SPAM) {
      await this.outbox.post(tx, { topic: ENQUIRY_TOPICS.received, subjectId: enquiry.id, version: 0 });
    }
    return { enquiry, emergencyAdvice };
  }

  async #write(tx: Tx, actor: Actor, entry: EnquiryEntry): Promise<Enquiry> {
    const receivedAt = dateFromInstant(entry.receivedAt ?? this.clock.now());
    const text = none(entry.message);
    const { channel, mail } = entry;
    const thread =
      text === null && !mail && (entry.documentIds ?? []).length === 0
        ? []
        : [
            {
              direction: EnquiryMessageDirection.IN,
              channel,
              text: text ?? '',
              at: receivedAt,
              documentIds: [...(entry.documentIds ?? [])],
              ...(mail ?? {}),
            },
          ];
    const row = await tx.enquiry.create({
      data: {
        ...this.#enquirer(entry),
        ...consents(entry),
        ...redFlags(entry),
        reference: toReference(randomBytes(REFERENCE_LETTERS_COUNT)),
        channel,
        status: entry.spamReason ? EnquiryStatus.SPAM : EnquiryStatus.NEW,
        spamReason: entry.spamReason ?? null,
        receivedAt,
        recordedById: actor.id,
        isAutomatic: entry.isAutomatic ?? false,
        submissionKey: entry.form?.submissionKey ?? null,
        formShownAt: entry.form ? dateFromInstant(entry.form.shownAt) : null,
        sourceAddress: entry.form?.address ?? null,
        userAgent: entry.form?.userAgent ?? null,
        messages: { create: thread },
      },
    });
    return toEnquiry(row);
  }

  #enquirer(entry: EnquiryEntry) {
    const phone = none(entry.phone);
    const nhsNumber = none(entry.nhsNumber);
    const email = none(entry.email);
    const born = none(entry.dateOfBirth);
    return {
      name: none(entry.name),
      dateOfBirth: born === null ? null : dateFromPlainDate(Temporal.PlainDate.from(born)),
      nhsNumber: nhsNumber === null ? null : this.contacts.nhsNumber(nhsNumber),
      phoneAsEntered: phone,
      phoneE164: phone === null ? null : this.contacts.phone(phone),
      email: email === null ? null : this.contacts.email(email),
      preferredWay: entry.preferredWay ?? null,
      bestTimes: [...(entry.bestTimes ?? [])],
      bestTimesText: none(entry.bestTimesText),
      safeToLeaveMessage: entry.safeToLeaveMessage ?? undefined,
      painAreas: [...(entry.painAreas ?? [])],
      painAreaOther: none(entry.painAreaOther),
      heardOfUs: entry.heardOfUs ?? null,
      heardOfUsText: none(entry.heardOfUsText),
    };
  }
}

function consents({ privacyNotice, marketing }: EnquiryEntry) {
  return {
    privacyNoticeId: privacyNotice?.wordingId ?? null,
    privacyNoticeTickedAt: privacyNotice ? dateFromInstant(privacyNotice.at) : null,
    privacyNoticeById: privacyNotice?.byId ?? null,
    marketingWordingId: marketing?.wordingId ?? null,
    marketingOptedInAt: marketing ? dateFromInstant(marketing.at) : null,
  };
}

function redFlags({ redFlags: said }: EnquiryEntry) {
  if ('notAskedWhy' in said) {
    return { redFlagsAsked: RedFlagsAsked.TO_ASK, redFlagsNotAskedWhy: said.notAskedWhy };
  }
  return { redFlagsAsked: RedFlagsAsked.ASKED };
}
