import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  canTakeUp,
  hasEarlyPart,
  type ProtocolStep,
  scanOfSteps,
  stepsOfScan,
  uptakeMinutes,
} from './scan-place.rules.js';

const NINE = Temporal.Instant.from('2026-12-03T09:00:00Z');
const at = (minutes: number) => NINE.add({ minutes });

const WAIT = { minMinutes: 120, maxMinutes: 300 };
const ADJACENT = { minMinutes: 0, maxMinutes: 0 };
const CAMERA = { role: 'camera', kind: 'CAMERA' } as const;
const ROOM = { role: 'room', kind: 'INJECTION_ROOM' } as const;
const person = (role: string) => ({ role, kind: 'NUCLEAR_MEDICINE_TECHNOLOGIST' }) as const;

const step = (
  durationMinutes: number,
  needs: ProtocolStep['needs'],
  wait: ProtocolStep['wait'] = null,
): ProtocolStep => ({ durationMinutes, needs, wait, fillsWait: false });

const ORDINARY = [step(15, [ROOM, person('injector')]), step(60, [CAMERA, person('operator')], WAIT)];
const EARLY = [
  step(10, [CAMERA, person('injector'), person('early operator')]),
  step(10, [CAMERA, person('early operator')], ADJACENT),
  step(60, [CAMERA, person('operator')], WAIT),
];

const SCAN = {
  injectionStartsAt: NINE,
  scanStartsAt: at(195),
  cameraId: 'camera',
  injectionRoomId: 'room',
  injectionTechnologistId: 'ada',
  scanTechnologistId: 'ben',
};

/** The visit that would be booked of these steps. */
function planned(protocol: readonly ProtocolStep[], scan = SCAN) {
  const steps = stepsOfScan(protocol, scan);
  if (steps === null) throw new Error('no scan');
  return steps.map(({ startsAt, resources }, position) => ({
    startsAt,
    endsAt: startsAt.add({ minutes: protocol[position]?.durationMinutes ?? 0 }),
    resources: resources.map(({ role, resourceId }) => {
      const need = protocol[position]?.needs.find((one) => one.role === role);
      return { role, id: resourceId, kind: need?.kind ?? 'NURSE' };
    }),
  }));
}

describe('a scan as the steps of a visit', () => {
  it('is an injection and an acquisition, and reads as it was said', () => {
    expect(hasEarlyPart(ORDINARY)).toBe(false);
    expect(scanOfSteps(planned(ORDINARY))).toEqual({
      ...SCAN,
      injectionEndsAt: at(15),
      scanEndsAt: at(255),
      earlyStartsAt: null,
      earlyEndsAt: null,
      earlyTechnologistId: null,
    });
    expect(uptakeMinutes(planned(ORDINARY))).toBe(180);
  });

  it('with early images has the camera at the injection, where the tracer is given', () => {
    expect(hasEarlyPart(EARLY)).toBe(true);
    const scan = { ...SCAN, injectionRoomId: 'camera', earlyTechnologistId: 'cy' };
    expect(scanOfSteps(planned(EARLY, scan))).toEqual({
      ...scan,
      injectionEndsAt: at(10),
      scanEndsAt: at(255),
      earlyStartsAt: NINE,
      earlyEndsAt: at(20),
    });
    expect(scanOfSteps(planned(EARLY, { ...SCAN, injectionRoomId: 'camera' }))?.earlyTechnologistId).toBe(
      'ben',
    );
    expect(uptakeMinutes(planned(EARLY, scan))).toBe(175);
  });

  it('cannot be said of a protocol that asks for more, and is not seen in a visit that is none', () => {
    const chair = { role: 'chair', kind: 'WAITING_PLACE' } as const;
    expect(
      stepsOfScan([step(15, [ROOM, person('injector')]), step(60, [CAMERA, chair], WAIT)], SCAN),
    ).toBeNull();
    expect(stepsOfScan([step(60, [CAMERA, person('operator')])], SCAN)).toBeNull();
    const [first, last] = planned(ORDINARY);
    if (first === undefined || last === undefined) throw new Error('two steps');
    expect(scanOfSteps([last])).toBeNull();
    expect(scanOfSteps([last, first])).toBeNull();
    expect(scanOfSteps([{ ...first, resources: [] }, last])).toBeNull();
    const [early, pool, scan] = planned(EARLY, { ...SCAN, injectionRoomId: 'camera' });
    const [, , beside] = planned(EARLY, { ...SCAN, cameraId: 'another camera' });
    if (!early || !pool || !scan || !beside) throw new Error('three steps');
    expect(scanOfSteps([early, pool, scan])).not.toBeNull();
    expect(scanOfSteps([early, pool, beside])).toBeNull();
  });
});

describe('the uptake window', () => {
  const uptakeOf = (protocol: readonly ProtocolStep[], scanStartsAt: Temporal.Instant, from = NINE) =>
    canTakeUp(protocol, stepsOfScan(protocol, { ...SCAN, injectionStartsAt: from, scanStartsAt }) ?? []);

  it('takes both bounds and refuses a minute outside either', () => {
    const codes = [119, 120, 180, 300, 301].map((minutes) => uptakeOf(ORDINARY, at(15 + minutes))?.code);
    const no = 'UptakeOutsideProtocol';
    expect(codes).toEqual([no, undefined, undefined, undefined, no]);
  });

  it('says from when to when the acquisition may start', () => {
    expect(uptakeOf(ORDINARY, at(45))).toMatchObject({ earliestScanAt: at(135), latestScanAt: at(315) });
  });

  it('counts from the end of the early images, when there are any', () => {
    expect(uptakeOf(EARLY, at(139))).toMatchObject({ earliestScanAt: at(140), latestScanAt: at(320) });
    expect(uptakeOf(EARLY, at(140))).toBeNull();
  });

  it('counts real minutes, also in the night when the clocks change', () => {
    const instants = fc
      .integer({ min: Date.UTC(2026, 2, 28), max: Date.UTC(2026, 2, 30) })
      .map((ms) => Temporal.Instant.fromEpochMilliseconds(ms));
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 600 }), (injection, uptake) => {
        const isTaken = uptakeOf(ORDINARY, injection.add({ minutes: 15 + uptake }), injection) === null;
        expect(isTaken).toBe(uptake >= 120 && uptake <= 300);
      }),
    );
  });
});
