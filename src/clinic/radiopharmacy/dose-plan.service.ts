import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { DoseBasis } from '../../platform/database/generated/enums.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { PatientService } from '../patients/patient.service.js';
import { Activity } from './activity.rules.js';
import { yearsOld } from './dose-protocol.rules.js';
import { DoseProtocolService } from './dose-protocol.service.js';
import { neededAtCalibration } from './planned-dose.rules.js';
import { SupplierService } from './supplier.service.js';

/** A visit in which something radioactive may be given. */
export interface WantedDose {
  readonly visitId: string;
  readonly patientId: string;
  /** Code of the visit type. */
  readonly procedureCode: string;
  readonly siteCode: string;
  /** Null: it is no longer wanted. */
  readonly injectionAt: Temporal.Instant | null;
  readonly weightKg: number | null;
  /** In MBq, where the practitioner decided it; null: by the protocol. */
  readonly activityMbq: number | null;
}

/** The columns of a planned dose that are computed. */
export type PlannedColumns = Omit<
  Prisma.PlannedDoseUncheckedCreateInput,
  'id' | 'visitId' | 'reference' | 'status' | 'version' | 'changedAt' | 'orderLines'
>;

/** Computes what a visit needs: how much for the person, by whom it comes, and how much that is at the supplier's time. */
@Injectable()
export class DosePlanService {
  constructor(
    @Inject(Config) private readonly config: Config,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(DoseProtocolService) private readonly protocols: DoseProtocolService,
    @Inject(SupplierService) private readonly suppliers: SupplierService,
  ) {}

  /** Null: nothing radioactive is given in this procedure on that day. */
  async plan(tx: Tx, want: WantedDose, injectionAt: Temporal.Instant): Promise<PlannedColumns | null> {
    const on = localDate(injectionAt, this.config.clinicTimeZone);
    const protocol = await this.protocols.inForce(tx, want.procedureCode, on);
    if (protocol === null) return null;
    const ageYears = await this.#ageOn(tx, want.patientId, on);
    const dose =
      want.activityMbq === null
        ? this.protocols.plannedDose(protocol, { weightKg: want.weightKg, ageYears })
        : { activity: Activity.ofMbq(want.activityMbq), basis: DoseBasis.DECIDED };
    const { tracerCode, radionuclide } = protocol;
    const supply = await this.suppliers.supplyFor(tx, want.siteCode, tracerCode, injectionAt);
    const { delivery } = supply;
    return {
      procedureCode: want.procedureCode,
      siteCode: want.siteCode,
      protocolId: protocol.id,
      tracerCode,
      halfLifeId: radionuclide.id,
      heldOn: dateFromPlainDate(on),
      injectionAt: dateFromInstant(injectionAt),
      basis: dose.basis,
      weightKg: want.weightKg,
      ageYears,
      plannedActivityMbq: dose.activity.mbq,
      supplierId: supply.supplierId,
      termsId: supply.termsId,
      deliversAt: delivery === null ? null : dateFromInstant(delivery.deliversAt),
      calibratedAt: delivery === null ? null : dateFromInstant(delivery.calibratedAt),
      activityAtCalibrationMbq:
        delivery === null
          ? null
          : neededAtCalibration(dose.activity, radionuclide, injectionAt, delivery.calibratedAt).mbq,
      cutOffAt: delivery === null ? null : dateFromInstant(delivery.cutOffAt),
    };
  }

  async #ageOn(tx: Tx, patientId: string, on: Temporal.PlainDate): Promise<number> {
    const patient = (await this.patients.byIds(tx, [patientId])).get(patientId.toLowerCase());
    if (patient === undefined) throw notFound('patient');
    return yearsOld(Temporal.PlainDate.from(patient.dateOfBirth), on);
  }
}
