import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal, notFound } from '../../platform/refusal/refusal.js';
import { dateFromPlainDate, plainDateFromDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { ClosedTimeService } from './closed-time.service.js';
import { dateFromLocalTime, faultOfException, faultOfWeek } from './opening.rules.js';
import {
  type AddOpeningExceptionInput,
  type OpeningException,
  type OpeningHours,
  type OpeningWeek,
  type RemoveOpeningExceptionInput,
  type SetOpeningHoursInput,
  toOpeningException,
  toOpeningHours,
} from './opening.type.js';
import {
  type AddResourceInput,
  type Resource,
  type RetireResourceInput,
  toResource,
} from './resource.type.js';
import { type ClosureHitsBookings, InThePast, ResourceNameTaken } from './schedule.refusals.js';
import type { SiteNotSaid, SiteRetired } from './site.refusals.js';
import { siteToUse } from './site.service.js';

/** What there is and when it is open. Every change is refused if it leaves a booking in closed hours. */
@Injectable()
export class OpeningService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ClosedTimeService) private readonly closedTime: ClosedTimeService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** By kind and name, retired ones too. */
  async resources(kind: ResourceKind | null): Promise<readonly Resource[]> {
    const rows = await this.database.client.resource.findMany({
      where: kind === null ? {} : { kind },
      orderBy: [{ kind: 'asc' }, { name: 'asc' }],
    });
    return rows.map(toResource);
  }

  /** Every week a resource ever had or will have, by first day, weekday and time. */
  async openingHours(resourceId: string): Promise<readonly OpeningHours[]> {
    return this.#hoursOf(this.database.client, resourceId);
  }

  /** Closures and extra sessions between two local dates, both included. */
  async openingExceptions(from: string, until: string): Promise<readonly OpeningException[]> {
    const rows = await this.database.client.openingException.findMany({
      where: { heldOn: { gte: dateOf(from), lte: dateOf(until) } },
      orderBy: [{ heldOn: 'asc' }, { startsAt: { sort: 'asc', nulls: 'first' } }, { id: 'asc' }],
    });
    return rows.map(toOpeningException);
  }

  async addResource(
    actor: Actor,
    input: AddResourceInput,
  ): Promise<Resource | ResourceNameTaken | SiteNotSaid | SiteRetired> {
    return this.database.transaction<Resource | SiteNotSaid | SiteRetired, ResourceNameTaken>(
      async (tx) => {
        const site = await siteToUse(tx, input.siteCode ?? null);
        if (isRefusal(site)) return site;
        const row = await tx.resource.create({
          data: { kind: input.kind, name: input.name, skills: input.skills ?? [], ...site },
        });
        const resource = toResource(row);
        await this.audit.record(tx, actor, {
          action: 'resource.created',
          subjectType: 'resource',
          subjectId: resource.id,
          after: resource,
        });
        return resource;
      },
      { onConstraint: { resources_name_key: () => new ResourceNameTaken() } },
    );
  }

  async retireResource(
    actor: Actor,
    input: RetireResourceInput,
  ): Promise<Resource | ClosureHitsBookings | InThePast> {
    const from = Temporal.PlainDate.from(input.retiredOn);
    if (this.closedTime.isOver(from)) return new InThePast();
    return this.database.transaction(async (tx) => {
      await this.closedTime.lock(tx, [input.resourceId]);
      const before = await tx.resource.findUniqueOrThrow({ where: { id: input.resourceId } });
      const after = await tx.resource.update({
        where: { id: input.resourceId },
        data: { retiredOn: dateFromPlainDate(from) },
      });
      const refusal = await this.closedTime.bookingsLeftOutside(tx, {
        resourceIds: [input.resourceId],
        from,
      });
      if (refusal) return refusal;
      await this.closedTime.tell(tx, { resourceIds: [input.resourceId], from });
      await this.audit.record(tx, actor, {
        action: 'resource.retired',
        subjectType: 'resource',
        subjectId: input.resourceId,
        before: toResource(before),
        after: toResource(after),
      });
      return toResource(after);
    });
  }

  /** The week that holds on the day before `validFrom` ends with that day; weeks planned for later are dropped. */
  async setOpeningHours(
    actor: Actor,
    input: SetOpeningHoursInput,
  ): Promise<OpeningWeek | ClosureHitsBookings | InThePast> {
    const fault = faultOfWeek(input.sessions);
    if (fault !== null) throw badInput(fault);
    const { resourceId } = input;
    const from = Temporal.PlainDate.from(input.validFrom);
    if (this.closedTime.isOver(from)) return new InThePast();
    return this.database.transaction(async (tx) => {
      await this.closedTime.lock(tx, [resourceId]);
      const before = await this.#hoursOf(tx, resourceId);
      await replaceWeek(tx, input);
      const refusal = await this.closedTime.bookingsLeftOutside(tx, { resourceIds: [resourceId], from });
      if (refusal) return refusal;
      await this.closedTime.tell(tx, { resourceIds: [resourceId], from });
      const hours = await this.#hoursOf(tx, resourceId);
      await this.audit.record(tx, actor, {
        action: 'opening-hours.set',
        subjectType: 'resource',
        subjectId: resourceId,
        before: { hours: before },
        after: { hours },
      });
      return { resourceId, hours };
    });
  }

  async addOpeningException(
    actor: Actor,
    input: AddOpeningExceptionInput,
  ): Promise<OpeningException | ClosureHitsBookings | InThePast> {
    const fault = faultOfException(input);
    if (fault !== null) throw badInput(fault);
    const heldOn = Temporal.PlainDate.from(input.heldOn);
    if (this.closedTime.isOver(heldOn)) return new InThePast();
    const resourceIds = input.resourceId ? [input.resourceId] : null;
    return this.database.transaction(async (tx) => {
      await this.closedTime.lock(tx, resourceIds);
      const row = await tx.openingException.create({
        data: {
          resourceId: input.resourceId ?? null,
          heldOn: dateFromPlainDate(heldOn),
          kind: input.kind,
          startsAt: input.startsAt ? dateFromLocalTime(input.startsAt) : null,
          endsAt: input.endsAt ? dateFromLocalTime(input.endsAt) : null,
          reason: input.reason,
          serves: input.serves ?? [],
        },
      });
      const refusal = await this.closedTime.bookingsLeftOutside(tx, {
        resourceIds,
        from: heldOn,
        until: heldOn,
      });
      if (refusal) return refusal;
      await this.closedTime.tell(tx, { resourceIds, from: heldOn, until: heldOn });
      const exception = toOpeningException(row);
      await this.audit.record(tx, actor, {
        action: 'opening-exception.added',
        subjectType: 'opening-exception',
        subjectId: exception.id,
        after: exception,
      });
      return exception;
    });
  }

  /** The exception that was taken back. */
  async removeOpeningException(
    actor: Actor,
    input: RemoveOpeningExceptionInput,
  ): Promise<OpeningException | ClosureHitsBookings | InThePast> {
    return this.database.transaction(async (tx) => {
      const row = await tx.openingException.findUnique({ where: { id: input.exceptionId } });
      if (row === null) throw notFound('opening exception');
      const heldOn = plainDateFromDate(row.heldOn);
      if (this.closedTime.isOver(heldOn)) return new InThePast();
      const resourceIds = row.resourceId === null ? null : [row.resourceId];
      await this.closedTime.lock(tx, resourceIds);
      const { count } = await tx.openingException.deleteMany({ where: { id: row.id } });
      if (count === 0) throw notFound('opening exception');
      const refusal = await this.closedTime.bookingsLeftOutside(tx, {
        resourceIds,
        from: heldOn,
        until: heldOn,
      });
      if (refusal) return refusal;
      await this.closedTime.tell(tx, { resourceIds, from: heldOn, until: heldOn });
      const exception = toOpeningException(row);
      await this.audit.record(tx, actor, {
        action: 'opening-exception.removed',
        subjectType: 'opening-exception',
        subjectId: exception.id,
        before: exception,
      });
      return exception;
    });
  }

  async #hoursOf(reader: Pick<Tx, 'openingHours'>, resourceId: string): Promise<readonly OpeningHours[]> {
    const rows = await reader.openingHours.findMany({
      where: { resourceId },
      orderBy: [{ validFrom: 'asc' }, { isoWeekday: 'asc' }, { opensAt: 'asc' }],
    });
    return rows.map(toOpeningHours);
  }
}

async function replaceWeek(tx: Tx, { resourceId, validFrom, sessions }: SetOpeningHoursInput): Promise<void> {
  const from = dateOf(validFrom);
  const dayBefore = dateFromPlainDate(Temporal.PlainDate.from(validFrom).subtract({ days: 1 }));
  await tx.openingHours.deleteMany({ where: { resourceId, validFrom: { gte: from } } });
  await tx.openingHours.updateMany({
    where: { resourceId, OR: [{ validUntil: null }, { validUntil: { gte: from } }] },
    data: { validUntil: dayBefore },
  });
  await tx.openingHours.createMany({
    data: sessions.map((session) => ({
      resourceId,
      isoWeekday: session.isoWeekday,
      opensAt: dateFromLocalTime(session.opensAt),
      closesAt: dateFromLocalTime(session.closesAt),
      validFrom: from,
      serves: session.serves ?? [],
      name: session.name ?? null,
    })),
  });
}

function dateOf(date: string): Date {
  return dateFromPlainDate(Temporal.PlainDate.from(date));
}
