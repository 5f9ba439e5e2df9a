import type { DoseOrderStatus } from '../../platform/database/generated/enums.js';
import { formatDate, formatLocalTime, type Temporal } from '../../platform/time/index.js';
import { channelForAddress, MOVED_ON, type Verdict } from './letter-verdict.rules.js';
import {
  type LetterSetting,
  type LetterVariables,
  plainLine,
  toNamedLetterVariables,
} from './letter-words.rules.js';

/** What a supplier is told of a day's order. */
export interface DoseOrderLetterFacts {
  readonly version: number;
  readonly status: DoseOrderStatus;
  readonly heldOn: Temporal.PlainDate;
  readonly siteName: string;
  readonly supplier: { readonly name: string; readonly email: string | null };
  readonly doses: readonly {
    readonly reference: string;
    readonly tracerName: string;
    readonly injectionAt: Temporal.Instant;
    readonly deliversAt: Temporal.Instant;
    readonly calibratedAt: Temporal.Instant;
    readonly activityAtCalibrationMbq: number;
  }[];
  readonly agreedWith: string | null;
}

/** Everything that the templates may name. */
export interface DoseOrderVariables extends LetterVariables {
  readonly title: string;
  readonly told: string;
  readonly siteName: string;
  readonly heldOn: string;
  readonly version: string;
  /** As agreed on the telephone; empty: in time. */
  readonly agreedWith: string;
  readonly doses: readonly {
    readonly reference: string;
    readonly tracerName: string;
    readonly activityMbq: string;
    readonly calibratedAt: string;
    readonly deliversAt: string;
    readonly injectionAt: string;
  }[];
  readonly count: string;
}

const WORDS: Record<DoseOrderStatus, { readonly title: string; readonly told: string }> = {
  DRAFT: { title: 'Order of doses (draft)', told: 'This is a draft. Please deliver nothing yet.' },
  SENT: { title: 'Order of doses', told: 'Please deliver these doses.' },
  AMENDED: {
    title: 'Amended order of doses',
    told: 'This sheet stands in place of every earlier one for this day. Please deliver what is on this one.',
  },
  CANCELLED: {
    title: 'Cancelled order of doses',
    told: 'This order is cancelled as a whole. Please deliver nothing for this day.',
  },
};

/** Send it, or not: to the address of the supplier, when it has one. */
export function decideDoseOrderLetter(facts: DoseOrderLetterFacts | null): Verdict {
  return facts === null ? MOVED_ON : channelForAddress(facts.supplier.email);
}

/** Local times, MBq and references; nothing of any patient. */
export function toDoseOrderVariables(
  facts: DoseOrderLetterFacts,
  setting: LetterSetting,
): DoseOrderVariables {
  const time = (at: Temporal.Instant) => formatLocalTime(at, setting.timeZone);
  const { doses } = facts;
  return {
    ...toNamedLetterVariables(facts.supplier.name, setting),
    ...WORDS[facts.status],
    siteName: plainLine(facts.siteName),
    heldOn: formatDate(facts.heldOn),
    version: String(facts.version),
    agreedWith: plainLine(facts.agreedWith ?? ''),
    doses: doses.map((dose) => ({
      reference: dose.reference,
      tracerName: plainLine(dose.tracerName),
      activityMbq: dose.activityAtCalibrationMbq.toFixed(1),
      calibratedAt: time(dose.calibratedAt),
      deliversAt: time(dose.deliversAt),
      injectionAt: time(dose.injectionAt),
    })),
    count: doses.length === 1 ? '1 dose' : `${doses.length} doses`,
  };
}
