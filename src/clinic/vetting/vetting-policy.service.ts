import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { ReferralPriority } from '../../platform/database/generated/enums.js';
import { badInput, Fault } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  lastDayToKnow,
  localDate,
  Temporal,
  workingDaysAhead,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { CalendarService } from '../calendar/calendar.service.js';
import { daysToDecide, isBefore, policyOn, type VettingTerms } from './vetting-due.rules.js';
import { VettingPolicyAlreadySet, VettingPolicyInThePast } from './vetting-policy.refusals.js';
import { type SetVettingPolicyInput, toVettingPolicy, type VettingPolicy } from './vetting-policy.type.js';
import { someText } from './vetting-text.rules.js';

/** What vetting asks for and promises, in rows that hold from a day on, and the days that follow from them. */
@Injectable()
export class VettingPolicyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(CalendarService) private readonly calendar: CalendarService,
  ) {}

  /** Every row by day, the past ones and those to come too. */
  async vettingPolicies(): Promise<readonly VettingPolicy[]> {
    const rows = await this.database.client.vettingPolicy.findMany({ orderBy: { effectiveFrom: 'asc' } });
    return rows.map(toVettingPolicy);
  }

  /** A new row, from today or a later day on. Throws BAD_INPUT. */
  async setVettingPolicy(
    actor: StaffActor,
    input: SetVettingPolicyInput,
  ): Promise<VettingPolicy | VettingPolicyAlreadySet | VettingPolicyInThePast> {
    if (input.periodAskedToYears < input.periodAskedFromYears) {
      throw badInput('periodAskedToYears: must not be below periodAskedFromYears.');
    }
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    if (isBefore(from, this.today())) return new VettingPolicyInThePast();
    const { effectiveFrom: _from, source, ...numbers } = input;
    return this.database.transaction<VettingPolicy, VettingPolicyAlreadySet>(
      async (tx) => {
        const row = await tx.vettingPolicy.create({
          data: {
            ...numbers,
            effectiveFrom: dateFromPlainDate(from),
            source: someText(source),
            setAt: dateFromInstant(this.clock.now()),
            setById: actor.id,
          },
        });
        const policy = toVettingPolicy(row);
        await this.audit.record(tx, actor, {
          action: 'vetting-policy.set',
          subjectType: 'vetting-policy',
          subjectId: policy.id,
          after: policy,
        });
        return policy;
      },
      { onConstraint: { vetting_policies_effective_from_key: () => new VettingPolicyAlreadySet() } },
    );
  }

  /** For this room: the day on the clinic's wall calendar. */
  today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }

  /** For this room: what held on a day. */
  async inForce(client: Tx, day: Temporal.PlainDate): Promise<VettingPolicy> {
    const rows = await client.vettingPolicy.findMany();
    const policy = policyOn(rows.map(toVettingPolicy), day);
    // The first row comes with the table and is never taken away.
    if (policy === null) throw new Fault('INTERNAL', 'No vetting policy is set.');
    return policy;
  }

  /** For this room: the row that a request keeps. */
  async mustHave(client: Tx, id: string): Promise<VettingPolicy> {
    return toVettingPolicy(await client.vettingPolicy.findUniqueOrThrow({ where: { id } }));
  }

  /** For this room: the day by whose end a request that is handed in today is to be decided. */
  async decideBy(tx: Tx, policy: VettingTerms, urgency: ReferralPriority): Promise<Date> {
    return this.#workingDaysFromToday(tx, daysToDecide(policy, urgency));
  }

  /** For this room: the day by which a referrer who is asked today is to answer. */
  async answerBy(tx: Tx, { informationDays }: Pick<VettingPolicy, 'informationDays'>): Promise<Date> {
    return this.#workingDaysFromToday(tx, informationDays);
  }

  async #workingDaysFromToday(tx: Tx, days: number): Promise<Date> {
    const today = this.today();
    const holidays = await this.calendar.holidays(tx, today, lastDayToKnow(today, days));
    return dateFromPlainDate(workingDaysAhead(today, days, holidays));
  }
}
