import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { doseOf, type GivenFacts, problemsOfGiven } from './treatment-given.rules.js';

const at = (text: string) => Temporal.Instant.from(`2027-05-03T${text}Z`);
const PLACE = {
  ...{ position: 1, wasTreated: true, leftOutBecause: null },
  ...{ temperatureC: null, lesionSeconds: null, lesionsCount: null },
};
const LESION = { temperatureC: 80, lesionSeconds: 90, lesionsCount: 2 };
const AGENT = {
  kind: 'LOCAL_ANAESTHETIC',
  name: 'Lidocaine',
  targetPosition: 1,
  concentrationMgMl: 10,
} as const;
const GOOD: GivenFacts = {
  ...{ kind: 'MEDIAL_BRANCH_BLOCK', guidance: 'FLUOROSCOPY', planned: [1], places: [PLACE], agents: [AGENT] },
  ...{ isAbandoned: false, startedAt: at('09:00'), finishedAt: at('09:20'), observedUntil: null },
  ...{ now: at('09:30'), doseAreaProductGyCm2: 0.4, fluoroscopySeconds: 22, ctDlpMgyCm: null },
};
const problems = (parts: Partial<GivenFacts>) => problemsOfGiven({ ...GOOD, ...parts });

describe('what was given', () => {
  it('may be recorded when it fits', () => {
    expect(problems({})).toEqual([]);
    const left = { ...PLACE, wasTreated: false, leftOutBecause: 'Pain' };
    expect(problems({ isAbandoned: true, places: [left], agents: [] })).toEqual([]);
    expect(
      problems({ kind: 'RADIOFREQUENCY_DENERVATION', places: [{ ...PLACE, ...LESION }], agents: [] }),
    ).toEqual([]);
  });

  it.each([
    ['a place is missing', { planned: [1, 2] }, 'Say what was done at place 2.'],
    ['there is one too many', { planned: [] }, 'There is no place 1 in the plan.'],
    [
      'one was left out without a word',
      { places: [{ ...PLACE, wasTreated: false }], isAbandoned: true, agents: [] },
      'Say why place 1 was left out.',
    ],
    [
      'nothing was treated',
      {
        places: [{ ...PLACE, wasTreated: false, leftOutBecause: 'x' }],
        agents: [{ ...AGENT, targetPosition: null }],
      },
      'No place was treated: say why it was broken off.',
    ],
    [
      'a lesion has no figures',
      { kind: 'RADIOFREQUENCY_DENERVATION' as const },
      'Say temperature, seconds and number of lesions at place 1.',
    ],
    [
      'a block has some',
      { places: [{ ...PLACE, ...LESION }] },
      'No lesion was made at place 1: leave its figures out.',
    ],
    ['nothing was given', { agents: [] }, 'Say what was given.'],
    [
      'nobody knows how strong it was',
      { agents: [{ ...AGENT, concentrationMgMl: null }] },
      'Say the concentration of Lidocaine in mg/ml.',
    ],
    [
      'it was given elsewhere',
      { agents: [{ ...AGENT, targetPosition: 2 }] },
      'Lidocaine was given at place 2, which was not treated.',
    ],
    ['it ended before it began', { finishedAt: at('08:59') }, 'It cannot have ended before it was started.'],
    ['it ends in the future', { finishedAt: at('09:31') }, 'It cannot end in the future.'],
    [
      'the dose is missing',
      { fluoroscopySeconds: null },
      'Say dose area product and screening time of the fluoroscopy.',
    ],
    [
      'there was no screening',
      { guidance: 'ULTRASOUND' as const },
      'There was no fluoroscopy: leave its dose out.',
    ],
    [
      'CT has no dose',
      { guidance: 'CT' as const, doseAreaProductGyCm2: null, fluoroscopySeconds: null },
      'Say the dose length product of the CT.',
    ],
  ])('is refused when %s', (_, parts, problem) => {
    expect(problems(parts)).toEqual([problem]);
  });

  it('is concentration times volume', () => {
    expect(doseOf(40, 1.5)).toBe(60);
    expect(doseOf(0.1, 3)).toBe(0.3);
    expect(doseOf(null, 3)).toBeNull();
  });
});
