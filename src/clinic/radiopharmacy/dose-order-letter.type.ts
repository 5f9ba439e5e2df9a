import type { DoseOrderStatus } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import type { SheetDose } from './dose-order.rules.js';

/** Topics about orders that call for a letter. */
export const DOSE_ORDER_TOPICS = {
  /** Subject: the order; version: that of the sheet. */
  told: 'dose-order.told',
} as const;

/**
 * What a supplier is told: a sheet. `DoseOrderLetterService.matter(tx, orderId, version)` gives it; null once a later sheet
 * stands in its place. It names no patient.
 */
export interface DoseOrderMatter {
  readonly orderId: string;
  readonly version: number;
  readonly status: DoseOrderStatus;
  readonly heldOn: Temporal.PlainDate;
  readonly siteName: string;
  readonly supplier: { readonly name: string; readonly email: string | null };
  readonly doses: readonly SheetDose[];
  /** After the cut-off: who at the supplier agreed to it. */
  readonly agreedWith: string | null;
}
