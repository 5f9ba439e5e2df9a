import { DoseOrderStatus } from '../../platform/database/generated/enums.js';
import { formatDate, formatLocalTime, type Temporal } from '../../platform/time/index.js';

/** What is done with an order, and what it is then. */
export const DoseOrderAction = { SEND: 'SEND', AMEND: 'AMEND', CANCEL: 'CANCEL' } as const;
export type DoseOrderAction = (typeof DoseOrderAction)[keyof typeof DoseOrderAction];

export const ORDER_STATES = {
  DRAFT: { SEND: DoseOrderStatus.SENT },
  SENT: { AMEND: DoseOrderStatus.AMENDED, CANCEL: DoseOrderStatus.CANCELLED },
  AMENDED: { AMEND: DoseOrderStatus.AMENDED, CANCEL: DoseOrderStatus.CANCELLED },
  CANCELLED: { SEND: DoseOrderStatus.SENT },
} as const satisfies Record<DoseOrderStatus, Partial<Record<DoseOrderAction, DoseOrderStatus>>>;

/** What it is after an action; null: the action is not for an order that stands so. */
export function orderAfter(status: DoseOrderStatus, action: DoseOrderAction): DoseOrderStatus | null {
  const row: Partial<Record<DoseOrderAction, DoseOrderStatus>> = ORDER_STATES[status];
  return row[action] ?? null;
}

export function actionsOf(status: DoseOrderStatus): readonly DoseOrderAction[] {
  return Object.values(DoseOrderAction).filter((action) => orderAfter(status, action) !== null);
}

/** Activities that round to the same tenth of a MBq are the same to whoever reads them. */
const SAME_MBQ = 0.05;

/** What a line of a sheet says. */
export interface SheetDose {
  readonly plannedDoseId: string;
  readonly reference: string;
  readonly tracerCode: string;
  readonly tracerName: string;
  readonly injectionAt: Temporal.Instant;
  readonly deliversAt: Temporal.Instant;
  readonly calibratedAt: Temporal.Instant;
  readonly activityAtCalibrationMbq: number;
}

type Told = Pick<
  SheetDose,
  'plannedDoseId' | 'tracerCode' | 'deliversAt' | 'calibratedAt' | 'activityAtCalibrationMbq'
>;

export const SheetChange = { SAME: 'SAME', ADDED: 'ADDED', CHANGED: 'CHANGED' } as const;
export type SheetChange = (typeof SheetChange)[keyof typeof SheetChange];

/** What a dose is beside what the supplier was told of it. */
export function changeOf(dose: Told, told: readonly Told[]): SheetChange {
  const before = told.find(({ plannedDoseId }) => plannedDoseId === dose.plannedDoseId);
  if (before === undefined) return SheetChange.ADDED;
  return saysTheSame(before, dose) ? SheetChange.SAME : SheetChange.CHANGED;
}

/** Would the supplier read the same on both sheets? */
export function isSameSheet(now: readonly Told[], told: readonly Told[]): boolean {
  return now.length === told.length && now.every((dose) => changeOf(dose, told) === SheetChange.SAME);
}

function saysTheSame(a: Told, b: Told): boolean {
  const isSameAmount = Math.abs(a.activityAtCalibrationMbq - b.activityAtCalibrationMbq) < SAME_MBQ;
  return (
    isSameAmount &&
    a.tracerCode === b.tracerCode &&
    a.deliversAt.equals(b.deliversAt) &&
    a.calibratedAt.equals(b.calibratedAt)
  );
}

export interface SheetFacts {
  readonly clinicName: string;
  readonly siteName: string;
  readonly supplierName: string;
  readonly heldOn: Temporal.PlainDate;
  readonly status: DoseOrderStatus;
  readonly version: number;
  readonly timeZone: string;
  readonly doses: readonly SheetDose[];
}

const TITLES: Record<DoseOrderStatus, string> = {
  DRAFT: 'Order of doses (draft, not sent)',
  SENT: 'Order of doses',
  AMENDED: 'AMENDED order of doses: it stands in place of every earlier one for this day',
  CANCELLED: 'CANCELLED order of doses: deliver nothing for this day',
};

/** The sheet as the supplier reads it: local times, MBq, references, and nothing of any patient. */
export function sheetText(sheet: SheetFacts): string {
  const head = [
    TITLES[sheet.status],
    '',
    `To: ${sheet.supplierName}`,
    `From: ${sheet.clinicName}, ${sheet.siteName}`,
    `For: ${formatDate(sheet.heldOn)}`,
    ...(sheet.version > 0 ? [`Version: ${sheet.version}`] : []),
    '',
  ];
  if (sheet.status === DoseOrderStatus.CANCELLED) return `${head.join('\n')}No doses.\n`;
  const time = (at: Temporal.Instant) => formatLocalTime(at, sheet.timeZone);
  const lines = sheet.doses.map(
    (dose, index) =>
      `${index + 1}. ${dose.reference}: ${dose.tracerName}, ${dose.activityAtCalibrationMbq.toFixed(1)} MBq ` +
      `at ${time(dose.calibratedAt)}, delivered by ${time(dose.deliversAt)}, for injection at ${time(dose.injectionAt)}`,
  );
  const total = sheet.doses.reduce((sum, dose) => sum + dose.activityAtCalibrationMbq, 0);
  return [
    ...head,
    ...lines,
    '',
    `${sheet.doses.length} ${sheet.doses.length === 1 ? 'dose' : 'doses'}, ${total.toFixed(1)} MBq at the times stated. Times are local.`,
    '',
  ].join('\n');
}

/** What the next sheet would be; what the supplier has, when that is what is wanted. */
export function toBeTold(
  order: { readonly status: DoseOrderStatus; readonly version: number } | null,
  isUpToDate: boolean,
): { readonly status: DoseOrderStatus; readonly version: number } {
  if (order === null) return { status: DoseOrderStatus.DRAFT, version: 0 };
  if (isUpToDate) return { status: order.status, version: order.version };
  const status = orderAfter(order.status, 'AMEND') ?? DoseOrderStatus.DRAFT;
  return { status, version: order.version + 1 };
}
