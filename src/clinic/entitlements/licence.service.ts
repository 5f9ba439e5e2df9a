import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import type { LicenceKind } from '../../platform/database/generated/enums.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { HELD_LICENCE } from './entitlement.queries.js';
import { EntitlementSubjectService } from './entitlement-subject.service.js';
import { tidyCodes, tidyWords } from './entitlement-text.rules.js';
import {
  LicenceAlreadyEnded,
  LicenceAlreadyRecorded,
  LicenceNotInTerm,
  LicenceRenewalAlreadyRecorded,
} from './licence.refusals.js';
import type {
  EndLicenceInput,
  Licence,
  LicenceFilterInput,
  RecordEmployerLicenceInput,
  RecordLicenceRenewalInput,
  RecordPractitionerLicenceInput,
} from './licence.type.js';
import { LicenceRecordService } from './licence-record.service.js';
import { LicenceRenewalState } from './licence-renewal.rules.js';
import { LicenceRenewalService } from './licence-renewal.service.js';

/** More than a clinic has in decades; a list without an end would be one slow answer. */
const LICENCES_MAX = 500;

/** Renewals that somebody has to see to. */
const TO_RENEW: readonly LicenceRenewalState[] = [
  LicenceRenewalState.DUE,
  LicenceRenewalState.LATE,
  LicenceRenewalState.APPLIED,
  LicenceRenewalState.EXPIRED,
];
/** An expired licence that nobody renewed is shown so long: after that it was given up. */
const EXPIRED_SHOWN_DAYS = 366;

/** Licences of the employer and of practitioners. What is recorded is never edited. */
@Injectable()
export class LicenceService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(LicenceRecordService) private readonly records: LicenceRecordService,
    @Inject(LicenceRenewalService) private readonly renewals: LicenceRenewalService,
    @Inject(EntitlementSubjectService) private readonly subjects: EntitlementSubjectService,
  ) {}

  async recordEmployerLicence(
    actor: StaffActor,
    { siteCode, ...input }: RecordEmployerLicenceInput,
  ): Promise<Licence | LicenceAlreadyRecorded> {
    return this.#record(actor, input, { kind: 'EMPLOYER', staffId: null, siteCodes: [siteCode] });
  }

  async recordPractitionerLicence(
    actor: StaffActor,
    { siteCodes, staffId, ...input }: RecordPractitionerLicenceInput,
  ): Promise<Licence | LicenceAlreadyRecorded> {
    await this.subjects.mustHaveStaff(staffId);
    return this.#record(actor, input, { kind: 'PRACTITIONER', staffId, siteCodes: siteCodes ?? [] });
  }

  /** From that day on it holds no more; what was done before stays licensed. */
  async endLicence(
    actor: StaffActor,
    input: EndLicenceInput,
  ): Promise<Licence | LicenceAlreadyEnded | LicenceNotInTerm> {
    const endedOn = Temporal.PlainDate.from(input.on);
    return this.database.transaction(async (tx) => {
      const before = await this.#hold(tx, input.licenceId);
      if (before.endedOn !== null) return new LicenceAlreadyEnded();
      const [from, until] = [
        Temporal.PlainDate.from(before.validFrom),
        Temporal.PlainDate.from(before.validUntil),
      ];
      const isOutside =
        Temporal.PlainDate.compare(endedOn, from) < 0 || Temporal.PlainDate.compare(until, endedOn) < 0;
      if (isOutside) return new LicenceNotInTerm(from, until);
      await tx.licenceEnding.create({
        data: {
          licenceId: before.id,
          endedOn: dateFromPlainDate(endedOn),
          reason: tidyWords(input.reason),
          recordedAt: dateFromInstant(this.clock.now()),
          endedById: actor.id,
        },
      });
      await this.#watchOthers(tx, before);
      return this.#written(tx, actor, 'licence.ended', before);
    });
  }

  /** Its renewal was applied for: the reminders stop until the last day. */
  async recordLicenceRenewal(
    actor: StaffActor,
    input: RecordLicenceRenewalInput,
  ): Promise<Licence | LicenceRenewalAlreadyRecorded | LicenceAlreadyEnded> {
    const appliedOn = Temporal.PlainDate.from(input.appliedOn);
    if (Temporal.PlainDate.compare(this.records.today(), appliedOn) < 0) {
      throw badInput('appliedOn: must not be in the future.');
    }
    return this.database.transaction(async (tx) => {
      const before = await this.#hold(tx, input.licenceId);
      if (before.endedOn !== null) return new LicenceAlreadyEnded();
      if (before.renewalAppliedOn !== null) return new LicenceRenewalAlreadyRecorded();
      await tx.licenceRenewal.create({
        data: {
          licenceId: before.id,
          appliedOn: dateFromPlainDate(appliedOn),
          reference: tidyWords(input.reference),
          recordedAt: dateFromInstant(this.clock.now()),
          recordedById: actor.id,
        },
      });
      return this.#written(tx, actor, 'licence.renewal-applied-for', before);
    });
  }

  /** Of one kind, those that end first at the top. */
  async licences(kind: LicenceKind, filter: LicenceFilterInput): Promise<readonly Licence[]> {
    return this.records.list(this.database.client, this.#where(kind, filter), LICENCES_MAX);
  }

  /** What somebody has to see to, the most pressing first. */
  async licencesToRenew(): Promise<readonly Licence[]> {
    const since = this.records.today().subtract({ days: EXPIRED_SHOWN_DAYS });
    const where = { ending: null, validUntil: { gte: dateFromPlainDate(since) } };
    const licences = await this.records.list(this.database.client, where, LICENCES_MAX);
    return licences.filter(({ renewalState }) => TO_RENEW.includes(renewalState));
  }

  #where(
    kind: LicenceKind,
    { siteCode, staffId, on, includePast }: LicenceFilterInput,
  ): Prisma.LicenceWhereInput {
    const atSite: Prisma.LicenceWhereInput =
      kind === 'PRACTITIONER'
        ? { OR: [{ siteCodes: { isEmpty: true } }, { siteCodes: { has: siteCode ?? '' } }] }
        : { siteCodes: { has: siteCode ?? '' } };
    const day = dateFromPlainDate(on ? Temporal.PlainDate.from(on) : this.records.today());
    const notEnded = { OR: [{ ending: null }, { ending: { endedOn: { gt: day } } }] };
    const notPast: Prisma.LicenceWhereInput = { AND: [{ validUntil: { gte: day } }, notEnded] };
    return {
      kind,
      AND: [
        siteCode ? atSite : {},
        staffId ? { staffId } : {},
        on ? { ...notPast, validFrom: { lte: day } } : includePast === true ? {} : notPast,
      ],
    };
  }

  async #record(
    actor: StaffActor,
    input: Omit<RecordEmployerLicenceInput, 'siteCode'>,
    holder: {
      readonly kind: LicenceKind;
      readonly staffId: string | null;
      readonly siteCodes: readonly string[];
    },
  ): Promise<Licence | LicenceAlreadyRecorded> {
    const [from, until] = [
      Temporal.PlainDate.from(input.validFrom),
      Temporal.PlainDate.from(input.validUntil),
    ];
    if (Temporal.PlainDate.compare(until, from) < 0)
      throw badInput('validUntil: must not be before validFrom.');
    const procedureCodes = await this.subjects.mustHaveProcedures(tidyCodes(input.procedureCodes));
    const siteCodes = await this.subjects.mustHaveSites(tidyCodes(holder.siteCodes));
    const number = tidyWords(input.number);
    return this.database.transaction<Licence, LicenceAlreadyRecorded>(
      async (tx) => {
        const { id } = await tx.licence.create({
          data: {
            ...{ kind: holder.kind, staffId: holder.staffId, number, procedureCodes, siteCodes },
            validFrom: dateFromPlainDate(from),
            validUntil: dateFromPlainDate(until),
            source: tidyWords(input.source),
            recordedAt: dateFromInstant(this.clock.now()),
            recordedById: actor.id,
          },
          select: { id: true },
        });
        await this.renewals.watch(tx, id);
        const licence = await this.records.read(tx, id);
        await this.audit.record(tx, actor, {
          action: 'licence.recorded',
          subjectType: 'licence',
          subjectId: id,
          after: licence,
        });
        return licence;
      },
      { onConstraint: { licences_kind_number_valid_from_key: () => new LicenceAlreadyRecorded(number) } },
    );
  }

  /** What was to go on from another licence of the same holder no longer does: that one has to be renewed after all. */
  async #watchOthers(tx: Tx, { id, kind, staffId, siteCodes }: Licence): Promise<void> {
    const holder = kind === 'EMPLOYER' ? { siteCodes: { hasSome: [...siteCodes] } } : { staffId };
    const others = await tx.licence.findMany({
      where: {
        ...{ kind, ...holder, id: { not: id }, ending: null },
        validUntil: { gte: dateFromPlainDate(this.records.today()) },
      },
      select: { id: true },
      orderBy: { id: 'asc' },
    });
    for (const other of others) await this.renewals.watch(tx, other.id);
  }

  async #hold(tx: Tx, licenceId: string): Promise<Licence> {
    await tx.$queryRawUnsafe(HELD_LICENCE, licenceId);
    return this.records.read(tx, licenceId);
  }

  async #written(tx: Tx, actor: StaffActor, action: string, before: Licence): Promise<Licence> {
    const after = await this.records.read(tx, before.id);
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'licence',
      subjectId: before.id,
      before,
      after,
    });
    return after;
  }
}
