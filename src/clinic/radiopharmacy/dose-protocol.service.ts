import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/index.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { DoseProtocolAlreadySet, DoseProtocolInThePast, PlannedAboveDrl } from './dose-protocol.refusals.js';
import { type DoseFor, type DoseOfPerson, doseOfPerson, faultOfProtocol } from './dose-protocol.rules.js';
import {
  type DoseProtocol,
  type DoseProtocolInForce,
  type SetDoseProtocolInput,
  toDoseProtocol,
  WITH_CARD,
} from './dose-protocol.type.js';
import { RadionuclideService } from './radionuclide.service.js';
import { RADIOPHARMACY_WORK } from './radiopharmacy-work.type.js';

type PlannedBy = Pick<DoseProtocol, 'plannedActivityMbq' | 'paediatric'>;

/** How much of which tracer each procedure takes, in rows that hold from a day on. A change is a new row. */
@Injectable()
export class DoseProtocolService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(RadionuclideService) private readonly radionuclides: RadionuclideService,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {
    outbox.declare(RADIOPHARMACY_WORK.basisSet);
  }

  /** Every row, past and coming ones too, by procedure and day. */
  async doseProtocols(procedureCode: string | null): Promise<readonly DoseProtocol[]> {
    const rows = await this.database.client.doseProtocol.findMany({
      where: procedureCode === null ? {} : { procedureCode },
      include: WITH_CARD,
      orderBy: [{ procedureCode: 'asc' }, { effectiveFrom: 'asc' }],
    });
    return rows.map(toDoseProtocol);
  }

  /** The protocol of a procedure on a day, with the half-life of that day; null: nothing radioactive is given in it. */
  async inForce(tx: Tx, procedureCode: string, on: Temporal.PlainDate): Promise<DoseProtocolInForce | null> {
    const row = await tx.doseProtocol.findFirst({
      where: { procedureCode, effectiveFrom: { lte: dateFromPlainDate(on) } },
      include: { ...WITH_CARD, tracer: { include: { radionuclide: true } } },
      orderBy: { effectiveFrom: 'desc' },
    });
    if (row === null) return null;
    const { radionuclide, ...tracer } = row.tracer;
    const halfLife = await this.radionuclides.halfLifeOn(tx, tracer.radionuclideSymbol, on);
    return {
      ...toDoseProtocol({ ...row, tracer }),
      tracerCode: tracer.code,
      tracerName: tracer.name,
      radionuclide: { ...radionuclide, ...halfLife },
    };
  }

  /** What a person is to be given at the time of the injection, and what that rests on. */
  plannedDose(protocol: PlannedBy, person: DoseFor): DoseOfPerson {
    return doseOfPerson(protocol, person);
  }

  /** For batches: within how many minutes of its preparation a kit of this tracer is used, by the strictest protocol of the day. */
  async kitUseByMinutes(tx: Tx, tracerCode: string, on: Temporal.PlainDate): Promise<number | null> {
    const rows = await tx.doseProtocol.findMany({
      where: { effectiveFrom: { lte: dateFromPlainDate(on) } },
      select: { procedureCode: true, tracerCode: true, kitUseByMinutes: true },
      orderBy: { effectiveFrom: 'desc' },
      distinct: ['procedureCode'],
    });
    const minutes = rows.filter((row) => row.tracerCode === tracerCode).map((row) => row.kitUseByMinutes);
    return minutes.length === 0 ? null : Math.min(...minutes);
  }

  /** A new row, from today or a later day on; what is booked follows. Refused above the diagnostic reference level without a reason. */
  async setDoseProtocol(
    actor: StaffActor,
    input: SetDoseProtocolInput,
  ): Promise<DoseProtocol | DoseProtocolInThePast | DoseProtocolAlreadySet | PlannedAboveDrl> {
    const fault = faultOfProtocol(input);
    if (fault !== null) throw badInput(fault);
    const now = this.clock.now();
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    const today = localDate(now, this.config.clinicTimeZone);
    if (Temporal.PlainDate.compare(from, today) < 0) return new DoseProtocolInThePast();
    const drlMbq = input.drlMbq ?? null;
    const isAbove = drlMbq !== null && input.plannedActivityMbq > drlMbq;
    if (isAbove && (input.aboveDrlBecause ?? null) === null)
      return new PlannedAboveDrl(input.plannedActivityMbq, drlMbq);
    return this.database.transaction<DoseProtocol, DoseProtocolAlreadySet>(
      (tx) => this.#add(tx, actor, input, from),
      {
        onConstraint: {
          dose_protocols_procedure_code_effective_from_key: () => new DoseProtocolAlreadySet(),
        },
      },
    );
  }

  async #add(
    tx: Tx,
    actor: StaffActor,
    input: SetDoseProtocolInput,
    from: Temporal.PlainDate,
  ): Promise<DoseProtocol> {
    const { paediatric, aboveDrlBecause, drlDatedOn, reason, ...rest } = input;
    await this.radionuclides.mustHaveTracer(tx, input.tracerCode);
    if ((await tx.visitType.count({ where: { code: input.procedureCode } })) === 0)
      throw notFound('visit type');
    const row = await tx.doseProtocol.create({
      data: {
        ...rest,
        effectiveFrom: dateFromPlainDate(from),
        drlDatedOn: drlDatedOn ? dateFromPlainDate(Temporal.PlainDate.from(drlDatedOn)) : null,
        reason: aboveDrlBecause ? `${reason} Above the reference level: ${aboveDrlBecause}` : reason,
        setAt: dateFromInstant(this.clock.now()),
        setById: actor.id,
        ...(paediatric
          ? {
              paediatricBelowAgeYears: paediatric.belowAgeYears,
              paediatricBaselineMbq: paediatric.baselineMbq,
              paediatricMinimumMbq: paediatric.minimumMbq,
              paediatricSource: paediatric.source,
              multiples: { create: paediatric.multiples.map((line) => ({ ...line })) },
            }
          : {}),
      },
      include: WITH_CARD,
    });
    const protocol = toDoseProtocol(row);
    await this.audit.record(tx, actor, {
      action: 'dose-protocol.set',
      subjectType: 'dose-protocol',
      subjectId: protocol.id,
      after: protocol,
    });
    await this.outbox.post(tx, { topic: RADIOPHARMACY_WORK.basisSet, subjectId: row.id, version: 0 });
    return protocol;
  }
}
