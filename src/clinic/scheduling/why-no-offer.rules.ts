import type { ResourceKind } from '../../platform/database/generated/enums.js';
import type { FreeSpan } from './free-span.rules.js';
import { startGrid } from './start-times.rules.js';
import { kindStarts, stepStarts, toDiary } from './step-starts.rules.js';
import { type ChainStep, needsOf, type VisitChain } from './visit-chain.rules.js';

/** The first thing that stands in the way of every visit. */
export type WhyNone =
  /** Not enough of this kind is free at once for so long, at any time in the window. */
  | {
      readonly reason: 'NO_FREE_SPAN';
      readonly step: 'FIRST' | 'SECOND';
      readonly kind: ResourceKind;
      readonly count: number;
      readonly minutes: number;
    }
  /** Each kind is free somewhere, but never all at once for so long. */
  | {
      readonly reason: 'NEVER_FREE_TOGETHER';
      readonly step: 'FIRST' | 'SECOND';
      readonly kinds: readonly ResourceKind[];
      readonly minutes: number;
    }
  /** Both steps are possible, but no pair of them lies within the bounds of the wait. */
  | { readonly reason: 'NO_PAIR_WITHIN_WAIT'; readonly minMinutes: number; readonly maxMinutes: number };

const KIND_WORDS = {
  CAMERA: ['camera', 'cameras'],
  INJECTION_ROOM: ['injection room', 'injection rooms'],
  NUCLEAR_MEDICINE_TECHNOLOGIST: ['nuclear medicine technologist', 'nuclear medicine technologists'],
  CONSULTING_ROOM: ['consulting room', 'consulting rooms'],
  PROCEDURE_ROOM: ['procedure room', 'procedure rooms'],
  THERAPY_ROOM: ['therapy room', 'therapy rooms'],
  MEETING_ROOM: ['meeting room', 'meeting rooms'],
  WAITING_PLACE: ['waiting place', 'waiting places'],
  C_ARM: ['C-arm', 'C-arms'],
  RADIOFREQUENCY_GENERATOR: ['radiofrequency generator', 'radiofrequency generators'],
  PAIN_CONSULTANT: ['pain consultant', 'pain consultants'],
  SURGEON: ['surgeon', 'surgeons'],
  PHYSIOTHERAPIST: ['physiotherapist', 'physiotherapists'],
  PSYCHOLOGIST: ['psychologist', 'psychologists'],
  RADIOLOGIST: ['radiologist', 'radiologists'],
  NURSE: ['nurse', 'nurses'],
} as const satisfies Record<ResourceKind, readonly [one: string, many: string]>;

/** Why the search over the same free spans found nothing. Ask only when it did. */
export function whyNoOffer(free: readonly FreeSpan[], chain: VisitChain, timeZone: string): WhyNone {
  const times = free.flatMap((span) => [span.startsAt.epochMilliseconds, span.endsAt.epochMilliseconds]);
  const fromMs = times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const untilMs = times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const diary = toDiary(free);
  const grid = startGrid(
    chain.startStepMinutes,
    times.length > 0 ? fromMs : 0,
    times.length > 0 ? untilMs : 0,
    timeZone,
  );
  const blocked = (name: 'FIRST' | 'SECOND', step: ChainStep): WhyNone | null => {
    const minutes = step.durationMinutes;
    for (const [kind, count] of needsOf(step)) {
      const starts = kindStarts(diary, kind, { count, durationMinutes: minutes }, grid);
      if (starts.stretches.length === 0) return { reason: 'NO_FREE_SPAN', step: name, kind, count, minutes };
    }
    if (stepStarts(diary, step, grid).stretches.length > 0) return null;
    return { reason: 'NEVER_FREE_TOGETHER', step: name, kinds: [...needsOf(step).keys()], minutes };
  };
  return (
    blocked('FIRST', chain.first) ??
    blocked('SECOND', chain.second) ?? {
      reason: 'NO_PAIR_WITHIN_WAIT',
      minMinutes: chain.wait.minMinutes,
      maxMinutes: chain.wait.maxMinutes,
    }
  );
}

/** The same for a person: "No camera is free for 45 minutes." */
export function sayWhyNone(why: WhyNone): string {
  switch (why.reason) {
    case 'NO_FREE_SPAN':
      return why.count === 1
        ? `No ${KIND_WORDS[why.kind][0]} is free for ${why.minutes} minutes.`
        : `There are never ${why.count} ${KIND_WORDS[why.kind][1]} free at once for ${why.minutes} minutes.`;
    case 'NEVER_FREE_TOGETHER': {
      const needed = why.kinds.map((kind) => KIND_WORDS[kind][0]).join(' and ');
      return `The ${needed} needed are never free together for ${why.minutes} minutes.`;
    }
    case 'NO_PAIR_WITHIN_WAIT':
      return `No two free times lie ${why.minMinutes} to ${why.maxMinutes} minutes apart.`;
  }
}
