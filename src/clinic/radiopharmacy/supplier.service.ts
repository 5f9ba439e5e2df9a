import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { dateFromPlainDate, localDate, type Temporal } from '../../platform/time/index.js';
import { CalendarService } from '../calendar/calendar.service.js';
import { CUT_OFF_LOOKED_BACK_DAYS, type Delivery, deliveryFor } from './supplier.rules.js';
import {
  type DoseSupplier,
  type TermsRow,
  toDeliveryTerms,
  toDoseSupplier,
  WITH_DELIVERIES,
  WITH_TERMS,
} from './supplier.type.js';

/** How a dose comes to a site: from whom, by which terms, with which delivery. */
export interface SupplyOfDose {
  /** Null: nobody supplies the tracer to the site. */
  readonly supplierId: string | null;
  /** Null: the supplier has no terms for that day. */
  readonly termsId: string | null;
  /** Null: none comes in time on that day. */
  readonly delivery: Delivery | null;
}

const NOBODY: SupplyOfDose = { supplierId: null, termsId: null, delivery: null };

/** Suppliers with their terms, which are dated, and what each supplies to which site. */
@Injectable()
export class SupplierService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Config) private readonly config: Config,
    @Inject(CalendarService) private readonly calendar: CalendarService,
  ) {}

  async doseSuppliers(): Promise<readonly DoseSupplier[]> {
    const rows = await this.database.client.doseSupplier.findMany({
      include: WITH_TERMS,
      orderBy: { code: 'asc' },
    });
    return rows.map(toDoseSupplier);
  }

  /** For this room. Throws NOT_FOUND. */
  async mustHaveSupplier(client: Pick<Tx, 'doseSupplier'>, id: string): Promise<DoseSupplier> {
    const row = await client.doseSupplier.findUnique({ where: { id }, include: WITH_TERMS });
    if (row === null) throw notFound('supplier');
    return toDoseSupplier(row);
  }

  /** By whom and with which delivery a tracer comes to a site for an injection. */
  async supplyFor(
    tx: Tx,
    siteCode: string,
    tracerCode: string,
    injectionAt: Temporal.Instant,
  ): Promise<SupplyOfDose> {
    const timeZone = this.config.clinicTimeZone;
    const day = localDate(injectionAt, timeZone);
    const effectiveFrom = { lte: dateFromPlainDate(day) };
    const supply = await tx.doseSupply.findFirst({
      where: { siteCode, tracerCode, effectiveFrom },
      include: { supplier: { select: { retiredOn: true } } },
      orderBy: { effectiveFrom: 'desc' },
    });
    const retiredOn = supply?.supplier.retiredOn ?? null;
    if (supply === null || (retiredOn !== null && retiredOn <= dateFromPlainDate(day))) return NOBODY;
    const terms = await this.termsOn(tx, supply.supplierId, day);
    if (terms === null) return { ...NOBODY, supplierId: supply.supplierId };
    const holidays = await this.calendar.holidays(tx, day.subtract({ days: CUT_OFF_LOOKED_BACK_DAYS }), day);
    const delivery = deliveryFor(injectionAt, toDeliveryTerms(terms), holidays, timeZone);
    return { supplierId: supply.supplierId, termsId: terms.id, delivery };
  }

  /** For this room: the terms for deliveries of a day; null: none yet. */
  async termsOn(tx: Tx, supplierId: string, day: Temporal.PlainDate): Promise<TermsRow | null> {
    return tx.supplierTerms.findFirst({
      where: { supplierId, effectiveFrom: { lte: dateFromPlainDate(day) } },
      include: WITH_DELIVERIES,
      orderBy: { effectiveFrom: 'desc' },
    });
  }
}
