import type { ResourceKind } from '../../platform/database/generated/enums.js';
import type { BlockedNeed } from './blocked-step.rules.js';
import type { WhyNone } from './why-none.rules.js';

/** Kinds whose words are not their names in small letters. */
const OWN_WORDS: Partial<Record<ResourceKind, string>> = { C_ARM: 'C-arm' };

/** "injection room", "nuclear medicine technologist with cannulation". */
export function sayKind(kind: ResourceKind, skill: string | null = null, count = 1): string {
  const word = OWN_WORDS[kind] ?? kind.toLowerCase().replaceAll('_', ' ');
  return `${word}${count === 1 ? '' : 's'}${skill === null ? '' : ` with ${skill}`}`;
}

function sayNeeds(needs: readonly BlockedNeed[]): string {
  const words = needs.map(({ kind, skill, count }) =>
    count === 1 ? sayKind(kind, skill) : `${count} ${sayKind(kind, skill, count)}`,
  );
  return [...new Set(words)].join(' and ');
}

/** Why there is no visit, for a person: "Scan: no camera is free for 45 minutes." */
export function sayWhyNone(why: WhyNone): string {
  switch (why.reason) {
    case 'NOT_FREE': {
      const [only] = why.needs;
      if (why.needs.length === 1 && only?.count === 1) {
        return `${why.stepName}: no ${sayNeeds(why.needs)} is free for ${why.minutes} minutes.`;
      }
      return `${why.stepName}: there are never ${sayNeeds(why.needs)} free at once for ${why.minutes} minutes.`;
    }
    case 'NEVER_FREE_TOGETHER': {
      const needed = [sayNeeds(why.needs), ...(why.withPatient ? ['the patient'] : [])].join(' and ');
      return `${why.stepName}: the ${needed} are never free together for ${why.minutes} minutes.`;
    }
    case 'PATIENT_NOT_FREE':
      return `${why.stepName}: the patient can never be there for ${why.minutes} minutes.`;
    case 'WAIT_NOT_MET':
      if (why.maxMinutes === 0) return `${why.stepName}: can never follow at once on the step before.`;
      return why.minMinutes === why.maxMinutes
        ? `${why.stepName}: can never follow ${why.minMinutes} minutes after the step before.`
        : `${why.stepName}: can never follow ${why.minMinutes} to ${why.maxMinutes} minutes after the step before.`;
    case 'WAIT_NOT_FILLED': {
      const wait = `for the whole of the wait, at least ${why.minutes} minutes`;
      if (why.needs.length === 0) return `${why.stepName}: the patient can never be there ${wait}.`;
      return why.withPatient
        ? `${why.stepName}: no ${sayNeeds(why.needs)} is free ${wait}, while the patient can be there.`
        : `${why.stepName}: no ${sayNeeds(why.needs)} is free ${wait}.`;
    }
    case 'ROLE_CHANGES_HANDS':
      return `No one ${sayNeeds(why.needs)} is free for all steps that must stay in one pair of hands.`;
    case 'WINDOW_TOO_SHORT':
      return 'The time asked for is shorter than the visit.';
  }
}
