import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/index.js';
import { badInput, Fault, notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { Activity } from './activity.rules.js';
import { decayed, decayFactor, type HalfLife } from './decay.rules.js';
import { inForceOn } from './dose-protocol.rules.js';
import {
  HalfLifeAlreadySet,
  HalfLifeInThePast,
  RadionuclideKnown,
  TracerCodeTaken,
} from './radionuclide.refusals.js';
import {
  type AddRadionuclideInput,
  type AddTracerInput,
  type DecayedActivity,
  type HalfLifeVersion,
  type Radionuclide,
  type SetHalfLifeInput,
  type Tracer,
  toHalfLife,
  toHalfLifeVersion,
  toRadionuclide,
  toTracer,
} from './radionuclide.type.js';
import { RADIOPHARMACY_WORK } from './radiopharmacy-work.type.js';

/** Radionuclides with their half-lives, which are dated, and the tracers that carry them. */
@Injectable()
export class RadionuclideService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {
    outbox.declare(RADIOPHARMACY_WORK.basisSet);
  }

  async radionuclides(): Promise<readonly Radionuclide[]> {
    const rows = await this.database.client.radionuclide.findMany({
      include: { halfLives: true },
      orderBy: { symbol: 'asc' },
    });
    return rows.map(toRadionuclide);
  }

  async tracers(): Promise<readonly Tracer[]> {
    const rows = await this.database.client.tracer.findMany({ orderBy: { code: 'asc' } });
    return rows.map(toTracer);
  }

  /** For this room: the half-life to compute with on a day. Throws when there is none yet. */
  async halfLifeOn(client: Tx, symbol: string, on: Temporal.PlainDate): Promise<HalfLife> {
    return toHalfLife(await this.#rowOn(client, symbol, on));
  }

  /** For this room: a tracer. Throws NOT_FOUND. */
  async mustHaveTracer(client: Tx, code: string): Promise<Tracer> {
    const row = await client.tracer.findUnique({ where: { code } });
    if (row === null) throw notFound('tracer');
    return toTracer(row);
  }

  /** An activity of one moment at another, by the half-life in force on the day that it is asked for. */
  async decayedActivity(
    activity: Activity,
    symbol: string,
    from: Temporal.Instant,
    to: Temporal.Instant,
  ): Promise<DecayedActivity> {
    const known = await this.database.client.radionuclide.count({ where: { symbol } });
    if (known === 0) throw notFound('radionuclide');
    const row = await this.#rowOn(this.database.client, symbol, localDate(to, this.config.clinicTimeZone));
    const factor = decayFactor(row, from, to);
    if (!Number.isFinite(activity.mbq * factor))
      throw badInput('to: lies so many half-lives before `from` that nothing was ever that much.');
    return {
      activityMbq: decayed(activity, row, from, to).mbq,
      factor,
      halfLife: toHalfLifeVersion(row),
    };
  }

  /** A new version, from today or a later day on. What was given keeps the version that it was computed with; what is booked follows. */
  async setHalfLife(
    actor: StaffActor,
    input: SetHalfLifeInput,
  ): Promise<HalfLifeVersion | HalfLifeInThePast | HalfLifeAlreadySet> {
    const now = this.clock.now();
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    if (Temporal.PlainDate.compare(from, localDate(now, this.config.clinicTimeZone)) < 0)
      return new HalfLifeInThePast();
    const taken = () => new HalfLifeAlreadySet();
    return this.database.transaction<HalfLifeVersion, HalfLifeAlreadySet>(
      async (tx) => {
        const before = await tx.radionuclideHalfLife.findFirst({
          where: { radionuclideSymbol: input.radionuclideSymbol },
          orderBy: { version: 'desc' },
        });
        if (before === null) throw notFound('radionuclide');
        const row = await tx.radionuclideHalfLife.create({
          data: {
            radionuclideSymbol: input.radionuclideSymbol,
            version: before.version + 1,
            effectiveFrom: dateFromPlainDate(from),
            halfLifeHours: input.halfLifeHours,
            source: input.source,
            setAt: dateFromInstant(now),
            setById: actor.id,
          },
        });
        await this.audit.record(tx, actor, {
          action: 'half-life.set',
          subjectType: 'half-life',
          subjectId: row.id,
          before,
          after: row,
        });
        await this.outbox.post(tx, { topic: RADIOPHARMACY_WORK.basisSet, subjectId: row.id, version: 0 });
        return toHalfLifeVersion(row);
      },
      {
        onConstraint: {
          radionuclide_half_lives_radionuclide_symbol_version_key: taken,
          radionuclide_half_lives_radionuclide_symbol_effective_from_key: taken,
        },
      },
    );
  }

  async addRadionuclide(
    actor: StaffActor,
    { halfLifeHours, source, ...input }: AddRadionuclideInput,
  ): Promise<Radionuclide | RadionuclideKnown> {
    const now = this.clock.now();
    const today = localDate(now, this.config.clinicTimeZone);
    return this.database.transaction<Radionuclide, RadionuclideKnown>(
      async (tx) => {
        const version = { version: 1, effectiveFrom: dateFromPlainDate(today), halfLifeHours, source };
        const row = await tx.radionuclide.create({
          data: {
            ...input,
            halfLives: { create: { ...version, setAt: dateFromInstant(now), setById: actor.id } },
          },
          include: { halfLives: true },
        });
        await this.audit.record(tx, actor, {
          action: 'radionuclide.added',
          subjectType: 'radionuclide',
          after: row,
        });
        return toRadionuclide(row);
      },
      { onConstraint: { radionuclides_pkey: () => new RadionuclideKnown(input.symbol) } },
    );
  }

  async addTracer(actor: StaffActor, input: AddTracerInput): Promise<Tracer | TracerCodeTaken> {
    return this.database.transaction<Tracer, TracerCodeTaken>(
      async (tx) => {
        const { radionuclideSymbol: symbol } = input;
        if ((await tx.radionuclide.count({ where: { symbol } })) === 0) throw notFound('radionuclide');
        const row = await tx.tracer.create({ data: { ...input } });
        await this.audit.record(tx, actor, { action: 'tracer.added', subjectType: 'tracer', after: row });
        return toTracer(row);
      },
      { onConstraint: { tracers_pkey: () => new TracerCodeTaken(input.code) } },
    );
  }

  /** Before the first day of the first version that one counts: a half-life does not begin. */
  async #rowOn(client: Pick<Tx, 'radionuclideHalfLife'>, symbol: string, on: Temporal.PlainDate) {
    const rows = await client.radionuclideHalfLife.findMany({
      where: { radionuclideSymbol: symbol },
      orderBy: { version: 'asc' },
    });
    const dated = rows.map((row) => ({ row, effectiveFrom: plainDateFromDate(row.effectiveFrom) }));
    const found = inForceOn(dated, on)?.row ?? rows[0];
    if (found === undefined) throw new Fault('INTERNAL', `There is no half-life of ${symbol}.`);
    return found;
  }
}
