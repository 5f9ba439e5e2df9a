import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { ReferralPriority } from '../../platform/database/generated/enums.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { localDate, Temporal } from '../../platform/time/index.js';
import { PatientService } from '../patients/patient.service.js';
import { ReferralService } from '../referrals/referral.service.js';
import type { Referral } from '../referrals/referral.type.js';
import { LeadTimeService } from '../scheduling/lead-time.service.js';
import { VisitTypeService } from '../scheduling/visit-type.service.js';
import { ReferralNotYetAccepted, VisitTypeRetired } from './request.refusals.js';
import {
  type ClockDays,
  isReferralAccepted,
  priorityOf,
  type StartedClock,
  startOfClock,
} from './request.rules.js';
import type { RequestVisitInput } from './request.type.js';
import { VisitNeedsReferral } from './visit.refusals.js';
import { BookedElsewhere } from './visit-companion.refusals.js';
import { VisitCompanions } from './visit-companion.service.js';

type WishRefusal = VisitTypeRetired | BookedElsewhere | VisitNeedsReferral | ReferralNotYetAccepted;

/** What other rooms say about a wish for a visit. */
@Injectable()
export class RequestFactsService {
  constructor(
    @Inject(VisitTypeService) private readonly visitTypes: VisitTypeService,
    @Inject(LeadTimeService) private readonly leadTimes: LeadTimeService,
    @Inject(ReferralService) private readonly referrals: ReferralService,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(VisitCompanions) private readonly companions: VisitCompanions,
    @Inject(Config) private readonly config: Config,
  ) {}

  /**
   * The referral of the wish, kept as it is until the transaction ends; null: it needs none. Puts requests of one patient
   * in line. Throws NOT_FOUND, and BAD_INPUT when the referral is somebody else's.
   */
  async referralFor(tx: Tx, wish: RequestVisitInput): Promise<Referral | null | WishRefusal> {
    const visitType = await this.visitTypes.visitType(tx, wish.visitTypeCode);
    const retiredOn = visitType.retiredOn === null ? null : Temporal.PlainDate.from(visitType.retiredOn);
    if (retiredOn !== null && Temporal.PlainDate.compare(retiredOn, this.leadTimes.today()) <= 0) {
      return new VisitTypeRetired(retiredOn);
    }
    const { companion } = visitType;
    if (companion !== null && !this.companions.has(companion)) return new BookedElsewhere(companion);
    const referralId = wish.referralId ?? null;
    if (referralId === null && visitType.needsReferral) return new VisitNeedsReferral(null);
    const referral =
      referralId === null ? null : await this.referrals.mustHaveReferral(tx, referralId, { hold: true });
    if (referral !== null && referral.patientId !== wish.patientId) {
      throw badInput('referralId: is a referral of another patient.');
    }
    if (referral !== null && !isReferralAccepted(referral)) {
      return new ReferralNotYetAccepted(referral.status);
    }
    await this.patients.lockPatient(tx, wish.patientId);
    return referral;
  }

  /** The clock of a wish that is made now, by the policy in force today. */
  async clockFor(
    tx: Tx,
    wish: RequestVisitInput,
    referral: Referral | null,
  ): Promise<ClockDays & StartedClock & { readonly priority: ReferralPriority }> {
    const priority = priorityOf(wish.priority ?? null, referral);
    const today = this.leadTimes.today();
    const asked = { visitType: wish.visitTypeCode, priority };
    const fromToday = await this.leadTimes.clock(tx, { ...asked, startedOn: today });
    const start = startOfClock(fromToday.clockStart, this.#daysOf(referral), today);
    const { targetOn, breachOn } = start.startedOn.equals(today)
      ? fromToday
      : await this.leadTimes.clock(tx, { ...asked, startedOn: start.startedOn });
    return { ...start, targetOn, breachOn, priority };
  }

  #daysOf(referral: Referral | null) {
    if (referral === null) return null;
    const { receivedOn, decidedAt } = referral;
    return {
      receivedOn: Temporal.PlainDate.from(receivedOn),
      acceptedOn: decidedAt === null ? null : localDate(decidedAt, this.config.clinicTimeZone),
    };
  }
}
