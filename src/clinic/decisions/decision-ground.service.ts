import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, localDate, Temporal } from '../../platform/time/index.js';
import { Permission, rolesHold } from '../auth/permission.type.js';
import { MeetingCaseService } from '../meetings/meeting-case.service.js';
import type { LockedCase } from '../meetings/meeting-case.type.js';
import { PatientService } from '../patients/patient.service.js';
import { ReferralService } from '../referrals/referral.service.js';
import { heldDecision } from './decision.queries.js';
import type { ActionRow } from './decision-action-record.service.js';

/** What decisions and actions stand on: a case, a referral, a patient, people who work here, and days to come. */
@Injectable()
export class DecisionGroundService {
  constructor(
    @Inject(ReferralService) private readonly referrals: Pick<ReferralService, 'mustHaveReferral'>,
    @Inject(PatientService) private readonly patients: Pick<PatientService, 'lockPatient'>,
    @Inject(MeetingCaseService) private readonly cases: Pick<MeetingCaseService, 'lockCase'>,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** The referral of an action's case, its patient and its decision, held in this order before the action is. */
  async hold(tx: Tx, { decisionId, decision }: ActionRow): Promise<void> {
    const { referralId } = decision.meetingCase;
    if (referralId !== null) await this.referrals.mustHaveReferral(tx, referralId, { hold: true });
    await this.patients.lockPatient(tx, decision.patientId);
    await tx.$queryRaw(heldDecision(decisionId));
  }

  /** A case and its meeting, held before its decision is. Throws NOT_FOUND. */
  async lockCase(tx: Tx, caseId: string): Promise<LockedCase> {
    return this.cases.lockCase(tx, caseId);
  }

  /** Somebody's name as it is today, for what they sign. Throws NOT_FOUND when there is no such account. */
  async nameOf(tx: Tx, staffId: string): Promise<string> {
    const account = await tx.staffAccount.findUnique({
      where: { id: staffId },
      select: { displayName: true },
    });
    if (account === null) throw notFound('staff account');
    return account.displayName;
  }

  /** Throws NOT_FOUND when there is no such account, BAD_INPUT when nobody can see to an action in it. */
  async mustBeOwner(tx: Tx, staffId: string): Promise<void> {
    const account = await tx.staffAccount.findUnique({
      where: { id: staffId },
      select: { disabledAt: true, roles: true },
    });
    if (account === null) throw notFound('staff account');
    if (account.disabledAt !== null || !rolesHold(account.roles, Permission.WORK_ACTION)) {
      throw badInput('ownerId: name somebody who still works here and may work on actions.');
    }
  }

  /** Throws BAD_INPUT unless it is somebody who may check and sign what a team decides. */
  async mustBeClinician(tx: Tx, staffId: string): Promise<void> {
    const account = await tx.staffAccount.findUnique({
      where: { id: staffId },
      select: { disabledAt: true, roles: true },
    });
    if (
      account === null ||
      account.disabledAt !== null ||
      !rolesHold(account.roles, Permission.SIGN_DECISION)
    ) {
      throw badInput('checkerId: name a clinician, who may check and sign what the team decides.');
    }
  }

  now(): Temporal.Instant {
    return this.clock.now();
  }

  /** Throws BAD_INPUT for a day that is over. */
  dayAhead(text: string): Temporal.PlainDate {
    const day = Temporal.PlainDate.from(text);
    const today = localDate(this.clock.now(), this.config.clinicTimeZone);
    if (Temporal.PlainDate.compare(day, today) < 0) throw badInput('dueOn: must not be in the past.');
    return day;
  }
}
