import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { VisitOutsideProtocol } from './visit.refusals.js';
import {
  type Protocol,
  type ProtocolNeed,
  planVisit,
  type VisitPlan,
  type WantedStep,
} from './visit-plan.rules.js';

const LONDON = 'Europe/London';
const need = (role: string, parts: Partial<ProtocolNeed> = {}): ProtocolNeed => ({
  role,
  kind: 'WAITING_PLACE',
  skill: null,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  continuity: 'FREE',
  ...parts,
});
const step = { patientPresent: true, fillsWait: false, wait: null } as const;

/** An injection, a chair to wait on for as long as it takes, and a scan one to two hours after. */
const PROTOCOL: Protocol = {
  startStepMinutes: 15,
  steps: [
    { ...step, name: 'Injection', durationMinutes: 10, needs: [need('chair', { continuity: 'REQUIRED' })] },
    {
      ...step,
      name: 'Wait',
      durationMinutes: 0,
      fillsWait: true,
      needs: [need('chair', { continuity: 'REQUIRED' })],
    },
    {
      ...step,
      name: 'Scan',
      durationMinutes: 30,
      wait: { minMinutes: 60, maxMinutes: 120 },
      needs: [need('camera', { kind: 'CAMERA', bufferBeforeMinutes: 5, bufferAfterMinutes: 5 })],
    },
  ],
};
const RESOURCES = new Map([
  ['chair-1', { kind: 'WAITING_PLACE', skills: [], siteCode: 'MAIN' }],
  ['chair-2', { kind: 'WAITING_PLACE', skills: [], siteCode: 'MAIN' }],
  ['chair-3', { kind: 'WAITING_PLACE', skills: [], siteCode: 'NORTH' }],
  ['camera-1', { kind: 'CAMERA', skills: [], siteCode: 'MAIN' }],
] as const);

const at = (time: string, day = '2026-07-01') => Temporal.Instant.from(`${day}T${time}:00+01:00`);

function wanted(times: readonly [string, string, string], chairs = ['chair-1', 'chair-1']): WantedStep[] {
  const [first = '', second = ''] = chairs;
  return [
    { startsAt: at(times[0]), resources: [{ role: 'chair', resourceId: first }] },
    { startsAt: at(times[1]), resources: [{ role: 'chair', resourceId: second }] },
    { startsAt: at(times[2]), resources: [{ role: 'camera', resourceId: 'camera-1' }] },
  ];
}

function plan(steps: readonly WantedStep[]): VisitPlan {
  const result = planVisit(PROTOCOL, steps, RESOURCES, LONDON);
  if (result instanceof VisitOutsideProtocol) throw new Error(result.message);
  return result;
}

describe('a visit with a step that fills the wait', () => {
  it('keeps the chair from the injection to the scan, as one span, and the patient there all the time', () => {
    const { claims, presence, steps } = plan(wanted(['09:00', '09:10', '10:30']));
    expect(steps[1]).toMatchObject({ startsAt: at('09:10'), endsAt: at('10:30') });
    expect(claims).toEqual([
      { resourceId: 'chair-1', startsAt: at('09:00'), endsAt: at('10:30') },
      { resourceId: 'camera-1', startsAt: at('10:25'), endsAt: at('11:05') },
    ]);
    expect(presence).toEqual([{ startsAt: at('09:00'), endsAt: at('11:00') }]);
  });

  it.each([
    ['a wait that begins late', ['09:00', '09:15', '10:30'], undefined, 1],
    ['too short a wait', ['09:00', '09:10', '10:00'], undefined, 2],
    ['too long a wait', ['09:00', '09:10', '11:15'], undefined, 2],
    ['a scan off the grid', ['09:00', '09:10', '10:20'], undefined, 2],
    ['another chair half-way', ['09:00', '09:10', '10:30'], ['chair-1', 'chair-2'], null],
    ['a camera for a chair', ['09:00', '09:10', '10:30'], ['camera-1', 'camera-1'], 0],
  ] as const)('refuses %s', (_, times, chairs, position) => {
    const result = planVisit(PROTOCOL, wanted(times, chairs && [...chairs]), RESOURCES, LONDON);
    expect(result).toBeInstanceOf(VisitOutsideProtocol);
    expect(result).toMatchObject({ position });
  });

  it('counts the wait in minutes that pass, also when the clocks change in it', () => {
    const steps = wanted(['09:00', '09:10', '10:30']).map((one, index) => ({
      ...one,
      startsAt: Temporal.Instant.from(
        ['2026-03-29T00:00:00Z', '2026-03-29T00:10:00Z', '2026-03-29T01:15:00Z'][index] ?? '',
      ),
    }));
    expect(plan(steps).endsAt.toString()).toBe('2026-03-29T01:45:00Z');
  });
});

describe('the site of a visit', () => {
  it('is that of all that serves it', () => {
    expect(plan(wanted(['09:00', '09:10', '10:15'])).siteCode).toBe('MAIN');
  });

  it('is one', () => {
    const steps = wanted(['09:00', '09:10', '10:15'], ['chair-3', 'chair-3']);
    expect(planVisit(PROTOCOL, steps, RESOURCES, LONDON)).toMatchObject({
      code: 'VisitOutsideProtocol',
      position: null,
      message: expect.stringContaining('at one site'),
    });
  });
});
