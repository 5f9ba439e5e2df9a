import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { type LeadTimePriority, type ReferralPriority } from '../../platform/database/generated/enums.js';
import { badInput, Fault } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromPlainDate,
  lastDayToKnow,
  localDate,
  startOfDay,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { CalendarService } from '../calendar/calendar.service.js';
import { POLICIES_BY_NOW } from './lead-time.queries.js';
import {
  type BookableWindow,
  bookableWindow,
  canBookAt,
  faultOfDays,
  type LeadTimeMoment,
  mayBookAt,
  policyInForce,
  promisedDays,
} from './lead-time.rules.js';
import { type LeadTimePolicy, type SetLeadTimePolicyInput, toLeadTimePolicy } from './lead-time.type.js';
import {
  type BeyondDiary,
  InThePast,
  LeadTimePolicyAlreadySet,
  type OverrideNotAllowed,
  type TooSoonForLeadTime,
} from './schedule.refusals.js';
import type { BookableTime, LeadTimeClock, LeadTimeQuery } from './schedule.type.js';

/** What a lead time is read with: a transaction, or the client outside one. */
type LeadTimeReader = Pick<Tx, '$queryRawUnsafe' | 'bankHoliday'>;

/** Nobody has said yet how soon and how late this kind of visit may be booked: a gap in the clinic's own data. */
export class NoPolicyInForce extends Fault {
  constructor(visitType: string) {
    super('INTERNAL', `No lead-time policy is in force for ${visitType}.`);
  }
}

/** The rows that say how soon and how late visits may be booked. A change is a new row from a day on. */
@Injectable()
export class LeadTimeService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Clock) private readonly appClock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(CalendarService) private readonly calendar: CalendarService,
  ) {}

  /** The day on the clinic's wall calendar. */
  today(): Temporal.PlainDate {
    return localDate(this.appClock.now(), this.config.clinicTimeZone);
  }

  /** May a visit of this kind that starts then be booked now? By the policy for any priority. */
  async canBookAt(
    reader: LeadTimeReader,
    visitType: string,
    startsAt: Temporal.Instant,
  ): Promise<InThePast | TooSoonForLeadTime | BeyondDiary | null> {
    const policy = await this.#policy(reader, visitType, null);
    const { now, timeZone, holidays } = await this.#moment(reader, policy, this.today());
    return canBookAt(startsAt, policy, now, timeZone, holidays);
  }

  /**
   * The same by the policy of a priority, for somebody with these roles and perhaps a reason to go beyond its bounds.
   * The reason is for the visit's record: keep it there when the answer is null. Whoever has read the policies that
   * have come into force by today hands them on; otherwise they are read here.
   */
  async mayBookAt(
    reader: LeadTimeReader,
    query: Omit<LeadTimeQuery, 'startedOn'> & {
      readonly startsAt: Temporal.Instant;
      readonly roles: Parameters<typeof mayBookAt>[3]['roles'];
      readonly overrideReason: string | null;
      readonly policies?: readonly LeadTimePolicy[] | undefined;
    },
  ): Promise<InThePast | TooSoonForLeadTime | BeyondDiary | OverrideNotAllowed | null> {
    const policy = await this.#policy(reader, query.visitType, query.priority, query.policies);
    const moment = await this.#moment(reader, policy, this.today());
    return mayBookAt(query.startsAt, policy, moment, query);
  }

  /** The days that may be booked now, and those that keep the promise to somebody whose referral came on that day. */
  async bookableWindow(
    reader: LeadTimeReader,
    visitType: string,
    receivedOn: Temporal.PlainDate,
  ): Promise<BookableWindow> {
    return this.bookableFor(reader, { visitType, priority: null, startedOn: receivedOn });
  }

  /** The same by the policy of a priority, with the end of the promise. Without a clock it starts today. */
  async bookableFor(
    reader: LeadTimeReader,
    query: Omit<LeadTimeQuery, 'startedOn'> & { readonly startedOn: Temporal.PlainDate | null },
  ): Promise<BookableTime> {
    const policy = await this.#policy(reader, query.visitType, query.priority);
    const startedOn = query.startedOn ?? this.today();
    const { now, timeZone, holidays } = await this.#moment(reader, policy, startedOn);
    const { breachOn } = promisedDays(policy, startedOn, holidays);
    return {
      ...bookableWindow(policy, now, startedOn, timeZone, holidays),
      breachUntil: startOfDay(breachOn.add({ days: 1 }), timeZone),
    };
  }

  /** What was promised to somebody whose clock started on that day, by the policy in force today. */
  async clock(reader: LeadTimeReader, query: LeadTimeQuery): Promise<LeadTimeClock> {
    const policy = await this.#policy(reader, query.visitType, query.priority);
    const { holidays } = await this.#moment(reader, policy, query.startedOn);
    return {
      startedOn: query.startedOn,
      ...promisedDays(policy, query.startedOn, holidays),
      policyId: policy.id,
      clockStart: policy.clockStart,
    };
  }

  /** Every row, by kind of visit, priority and day, the past ones too. */
  async leadTimePolicies(visitType: string | null): Promise<readonly LeadTimePolicy[]> {
    const rows = await this.database.client.leadTimePolicy.findMany({
      where: visitType === null ? {} : { visitType },
      orderBy: [{ visitType: 'asc' }, { priority: 'asc' }, { effectiveFrom: 'asc' }],
    });
    return rows.map(toLeadTimePolicy);
  }

  async setLeadTimePolicy(
    actor: Actor,
    input: SetLeadTimePolicyInput,
  ): Promise<LeadTimePolicy | LeadTimePolicyAlreadySet | InThePast> {
    const breachDays = input.breachDays ?? input.targetDays;
    const fault = faultOfDays({ ...input, breachDays });
    if (fault !== null) throw badInput(fault);
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    if (Temporal.PlainDate.compare(from, this.today()) < 0) return new InThePast();
    return this.database.transaction<LeadTimePolicy, LeadTimePolicyAlreadySet>(
      async (tx) => {
        const row = await tx.leadTimePolicy.create({
          data: {
            visitType: input.visitType,
            priority: input.priority ?? 'ANY',
            earliestDays: input.earliestDays,
            targetDays: input.targetDays,
            breachDays,
            latestDays: input.latestDays,
            dayKind: input.dayKind ?? 'CALENDAR',
            clockStart: input.clockStart ?? 'REFERRAL_RECEIVED',
            earliestOverriddenBy: [...new Set(input.earliestOverriddenBy ?? [])],
            latestOverriddenBy: [...new Set(input.latestOverriddenBy ?? [])],
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
          lead_time_policies_visit_type_priority_effective_from_key: () => new LeadTimePolicyAlreadySet(),
        },
      },
    );
  }

  /** The row in force today. Rows are few: a handful of changes for a handful of priorities. */
  async #policy(
    reader: LeadTimeReader,
    visitType: string,
    priority: ReferralPriority | null,
    known?: readonly LeadTimePolicy[],
  ): Promise<LeadTimePolicy> {
    const wanted: LeadTimePriority = priority ?? 'ANY';
    const rows =
      known ??
      (await reader.$queryRawUnsafe<readonly LeadTimePolicy[]>(
        POLICIES_BY_NOW,
        visitType,
        [wanted, 'ANY'],
        this.today().toString(),
      ));
    const policy = policyInForce(rows, wanted);
    if (policy === null) throw new NoPolicyInForce(visitType);
    return policy;
  }

  /** Now, with the bank holidays that the policy can come across. Calendar days need none and ask for none. */
  async #moment(
    reader: LeadTimeReader,
    policy: LeadTimePolicy,
    startedOn: Temporal.PlainDate,
  ): Promise<LeadTimeMoment> {
    const now = this.appClock.now();
    const timeZone = this.config.clinicTimeZone;
    if (policy.dayKind === 'CALENDAR') return { now, timeZone, holidays: new Set() };
    const today = localDate(now, timeZone);
    const [first, last] = [today, startedOn].toSorted(Temporal.PlainDate.compare);
    const longestDays = Math.max(policy.earliestDays, policy.breachDays);
    const until = lastDayToKnow(last ?? today, longestDays);
    const holidays = await this.calendar.holidays(reader, first ?? today, until);
    return { now, timeZone, holidays };
  }
}
