import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ReferralAction, ReferralStatus } from '../../platform/database/generated/enums.js';
import { badInput } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import { receivedOnProblem, referrerProblem, toRegistration } from './referral.rules.js';
import type { Referral } from './referral.type.js';
import type { ReceiveReferralInput } from './referral-entry.type.js';
import { ReferralLogService } from './referral-log.service.js';
import { ReferralReasonService } from './referral-reason.service.js';
import { toReferral } from './referral-record.service.js';
import { someText, textOrNull } from './referral-text.rules.js';
import { ReferrerRecordService } from './referrer-record.service.js';
import { TriageDueService } from './triage-due.service.js';

/** How a referral comes in, by whichever door. */
@Injectable()
export class ReferralEntryService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ReferralReasonService) private readonly reasons: ReferralReasonService,
    @Inject(PatientService) private readonly patientRoom: PatientService,
    @Inject(ReferrerRecordService) private readonly referrers: ReferrerRecordService,
    @Inject(ReferralLogService) private readonly log: ReferralLogService,
    @Inject(TriageDueService) private readonly dues: TriageDueService,
  ) {}

  /**
   * Takes in a referral: it then waits for whoever takes it up. What the directory says of its referrer is copied, so
   * that the referral says what was known when it came. Throws NOT_FOUND, and BAD_INPUT naming the field.
   */
  async receiveIn(tx: Tx, actor: StaffActor, input: ReceiveReferralInput): Promise<Referral> {
    const now = this.clock.now();
    const today = this.dues.today();
    const receivedOn = input.receivedOn ?? today.toString();
    const { dateOfBirth } = await this.patientRoom.mustHavePatient(tx, input.patientId);
    const dayProblem = receivedOnProblem(receivedOn, { today, dateOfBirth });
    if (dayProblem !== null) throw badInput(dayProblem);
    const day = Temporal.PlainDate.from(receivedOn);
    const due = await this.dues.dueAtReceipt(tx, { priority: input.priority, receivedOn: day });
    const row = await tx.referral.create({
      data: {
        ...(await this.#toEntry(tx, input)),
        ...due,
        status: ReferralStatus.RECEIVED,
        receivedOn: dateFromPlainDate(day),
        recordedAt: dateFromInstant(now),
        recordedById: actor.id,
      },
    });
    const after = toReferral(row);
    await this.log.note(tx, actor, { action: ReferralAction.RECEIVE, at: now, before: null, after });
    await this.dues.watch(tx, after, plainDateFromDate(due.dueOn));
    return after;
  }

  async #toEntry(tx: Tx, input: ReceiveReferralInput) {
    const { patientId, source, priority } = input;
    const referrerId = input.referrerId ?? null;
    const said = {
      referrerName: textOrNull(input.referrerName),
      referrerOrganisation: textOrNull(input.referrerOrganisation),
      referrerRegistration: toRegistration(source, textOrNull(input.referrerRegistration)),
    };
    const named = referrerId === null ? said : await this.referrers.asNamed(tx, referrerId);
    const problem = referrerProblem({ source, ...named }, referrerId !== null);
    if (problem !== null) throw badInput(problem);
    const serviceCode = await this.reasons.serviceOf(tx, textOrNull(input.serviceCode));
    const clinicalQuestion = someText(input.clinicalQuestion);
    return { patientId, source, priority, serviceCode, referrerId, ...named, clinicalQuestion };
  }
}
