import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/index.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { RADIOPHARMACY_WORK } from './radiopharmacy-work.type.js';
import { SupplierCodeTaken, SupplyAlreadySet, SupplyInThePast } from './supplier.refusals.js';
import { faultOfTerms } from './supplier.rules.js';
import { SupplierService } from './supplier.service.js';
import {
  type AddDoseSupplierInput,
  type ChangeDoseSupplierContactInput,
  columnOfTime,
  type DoseSupplier,
  type SetDoseSupplyInput,
  type SetSupplierTermsInput,
} from './supplier.type.js';

/** Suppliers, and what is agreed with them: new rows, from today or a later day on. */
@Injectable()
export class SupplierChangeService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(SupplierService) private readonly suppliers: SupplierService,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {
    outbox.declare(RADIOPHARMACY_WORK.basisSet);
  }

  async addDoseSupplier(
    actor: StaffActor,
    input: AddDoseSupplierInput,
  ): Promise<DoseSupplier | SupplierCodeTaken> {
    return this.database.transaction<DoseSupplier, SupplierCodeTaken>(
      async (tx) => {
        const row = await tx.doseSupplier.create({ data: { ...input } });
        await this.#record(tx, actor, 'dose-supplier.added', row.id, {}, row);
        return this.suppliers.mustHaveSupplier(tx, row.id);
      },
      { onConstraint: { dose_suppliers_code_key: () => new SupplierCodeTaken(input.code) } },
    );
  }

  /** How a supplier is reached. What is left out stays. */
  async changeDoseSupplierContact(
    actor: StaffActor,
    { supplierId, email, phone }: ChangeDoseSupplierContactInput,
  ): Promise<DoseSupplier> {
    return this.database.transaction(async (tx) => {
      const before = await this.suppliers.mustHaveSupplier(tx, supplierId);
      const row = await tx.doseSupplier.update({
        where: { id: supplierId },
        data: { ...(email === undefined ? {} : { email }), ...(phone === undefined ? {} : { phone }) },
      });
      const was = { email: before.email, phone: before.phone };
      const is = { email: row.email, phone: row.phone };
      await this.#record(tx, actor, 'dose-supplier.contact-changed', supplierId, { before: was }, is);
      return this.suppliers.mustHaveSupplier(tx, supplierId);
    });
  }

  async setSupplierTerms(
    actor: StaffActor,
    input: SetSupplierTermsInput,
  ): Promise<DoseSupplier | SupplyInThePast | SupplyAlreadySet> {
    const fault = faultOfTerms(input);
    if (fault !== null) throw badInput(fault);
    if (this.#isPast(input.effectiveFrom)) return new SupplyInThePast();
    const { effectiveFrom, cutOffTime, deliveries, ...rest } = input;
    return this.database.transaction<DoseSupplier, SupplyAlreadySet>(
      async (tx) => {
        await this.suppliers.mustHaveSupplier(tx, input.supplierId);
        const row = await tx.supplierTerms.create({
          data: {
            ...rest,
            effectiveFrom: columnOfDay(effectiveFrom),
            cutOffTime: columnOfTime(cutOffTime),
            setAt: dateFromInstant(this.clock.now()),
            setById: actor.id,
            deliveries: {
              create: deliveries.map(({ deliversAt, calibratedAt }) => ({
                deliversAt: columnOfTime(deliversAt),
                calibratedAt: columnOfTime(calibratedAt),
              })),
            },
          },
          select: { id: true },
        });
        const after = { id: row.id, ...input };
        await this.#record(tx, actor, 'dose-supplier.terms-set', input.supplierId, {}, after);
        await this.#tell(tx, row.id);
        return this.suppliers.mustHaveSupplier(tx, input.supplierId);
      },
      { onConstraint: { supplier_terms_supplier_id_effective_from_key: () => new SupplyAlreadySet() } },
    );
  }

  async setDoseSupply(
    actor: StaffActor,
    input: SetDoseSupplyInput,
  ): Promise<DoseSupplier | SupplyInThePast | SupplyAlreadySet> {
    if (this.#isPast(input.effectiveFrom)) return new SupplyInThePast();
    return this.database.transaction<DoseSupplier, SupplyAlreadySet>(
      async (tx) => {
        await this.suppliers.mustHaveSupplier(tx, input.supplierId);
        if ((await tx.site.count({ where: { code: input.siteCode } })) === 0) throw notFound('site');
        if ((await tx.tracer.count({ where: { code: input.tracerCode } })) === 0) throw notFound('tracer');
        const row = await tx.doseSupply.create({
          data: {
            ...input,
            effectiveFrom: columnOfDay(input.effectiveFrom),
            setAt: dateFromInstant(this.clock.now()),
            setById: actor.id,
          },
        });
        await this.#record(tx, actor, 'dose-supply.set', input.supplierId, {}, row);
        await this.#tell(tx, row.id);
        return this.suppliers.mustHaveSupplier(tx, input.supplierId);
      },
      {
        onConstraint: {
          dose_supplies_site_code_tracer_code_effective_from_key: () => new SupplyAlreadySet(),
        },
      },
    );
  }

  /** The doses of visits that are booked already follow. */
  #tell(tx: Tx, subjectId: string): Promise<void> {
    return this.outbox.post(tx, { topic: RADIOPHARMACY_WORK.basisSet, subjectId, version: 0 });
  }

  #isPast(day: string): boolean {
    const today = localDate(this.clock.now(), this.config.clinicTimeZone);
    return Temporal.PlainDate.compare(Temporal.PlainDate.from(day), today) < 0;
  }

  async #record(
    tx: Tx,
    actor: StaffActor,
    action: string,
    subjectId: string,
    before: { readonly before?: object },
    after: object,
  ): Promise<void> {
    await this.audit.record(tx, actor, { action, subjectType: 'dose-supplier', subjectId, ...before, after });
  }
}

function columnOfDay(day: string): Date {
  return dateFromPlainDate(Temporal.PlainDate.from(day));
}
