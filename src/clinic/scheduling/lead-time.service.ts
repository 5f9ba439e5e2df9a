import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { badInput, Fault } from '../../platform/refusal/refusal.js';
import { Clock, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { type BookableWindow, bookableWindow, canBookAt, faultOfDays } from './lead-time.rules.js';
import { type LeadTimePolicy, type SetLeadTimePolicyInput, toLeadTimePolicy } from './lead-time.type.js';
import {
  type BeyondDiary,
  InThePast,
  LeadTimePolicyAlreadySet,
  type TooSoonForLeadTime,
} from './schedule.refusals.js';

/** The rows that say how soon and how late visits may be booked. A change is a new row from a day on. */
@Injectable()
export class LeadTimeService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** The day on the clinic's wall calendar. */
  today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }

  /** May a visit of this kind that starts then be booked now? */
  async canBookAt(
    reader: Pick<Tx, 'leadTimePolicy'>,
    visitType: string,
    startsAt: Temporal.Instant,
  ): Promise<InThePast | TooSoonForLeadTime | BeyondDiary | null> {
    const policy = await this.leadTimePolicy(reader, visitType);
    return canBookAt(startsAt, policy, this.clock.now(), this.config.clinicTimeZone);
  }

  /** The days that may be booked now, and those that keep the promise to somebody whose referral came on that day. */
  async bookableWindow(
    reader: Pick<Tx, 'leadTimePolicy'>,
    visitType: string,
    receivedOn: Temporal.PlainDate,
  ): Promise<BookableWindow> {
    const policy = await this.leadTimePolicy(reader, visitType);
    return bookableWindow(policy, this.clock.now(), receivedOn, this.config.clinicTimeZone);
  }

  /** The row in force today. */
  private async leadTimePolicy(
    reader: Pick<Tx, 'leadTimePolicy'>,
    visitType: string,
  ): Promise<LeadTimePolicy> {
    const row = await reader.leadTimePolicy.findFirst({
      where: { visitType, effectiveFrom: { lte: dateFromPlainDate(this.today()) } },
      orderBy: { effectiveFrom: 'desc' },
    });
    if (row === null) throw new Fault('INTERNAL', `No lead-time policy is in force for ${visitType}.`);
    return toLeadTimePolicy(row);
  }

  /** Every row, by kind of visit and day, the past ones too. */
  async leadTimePolicies(visitType: string | null): Promise<readonly LeadTimePolicy[]> {
    const rows = await this.database.client.leadTimePolicy.findMany({
      where: visitType === null ? {} : { visitType },
      orderBy: [{ visitType: 'asc' }, { effectiveFrom: 'asc' }],
    });
    return rows.map(toLeadTimePolicy);
  }

  async setLeadTimePolicy(
    actor: Actor,
    input: SetLeadTimePolicyInput,
  ): Promise<LeadTimePolicy | LeadTimePolicyAlreadySet | InThePast> {
    const fault = faultOfDays(input);
    if (fault !== null) throw badInput(fault);
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    if (Temporal.PlainDate.compare(from, this.today()) < 0) return new InThePast();
    return this.database.transaction<LeadTimePolicy, LeadTimePolicyAlreadySet>(
      async (tx) => {
        const row = await tx.leadTimePolicy.create({
          data: {
            visitType: input.visitType,
            earliestDays: input.earliestDays,
            targetDays: input.targetDays,
            latestDays: input.latestDays,
            effectiveFrom: dateFromPlainDate(from),
            reason: input.reason,
          },
        });
        const policy = toLeadTimePolicy(row);
        await this.audit.record(tx, actor, {
          action: 'lead-time-policy.set',
          subjectType: 'lead-time-policy',
          subjectId: policy.id,
          after: policy,
        });
        return policy;
      },
      {
        onConstraint: {
          lead_time_policies_visit_type_effective_from_key: () => new LeadTimePolicyAlreadySet(),
        },
      },
    );
  }
}
