import type {
  AssessIncidentInput,
  RaiseIncidentInput,
} from '../../src/clinic/incidents/incident-input.type.js';
import { Temporal } from '../../src/platform/time/index.js';

export function anIncident(parts: Partial<RaiseIncidentInput> = {}): RaiseIncidentInput {
  return {
    kind: 'WRONG_PATIENT',
    happenedAt: Temporal.Instant.from('2026-11-23T08:30:00Z'),
    whatHappened: 'The tracer was given to the wrong patient.',
    ...parts,
  };
}

/** Nobody was exposed otherwise than intended, unless `parts` says so. */
export function anAssessment(
  incidentId: string,
  parts: Partial<AssessIncidentInput> = {},
): AssessIncidentInput {
  return {
    incidentId,
    exposure: 'NONE',
    isChild: false,
    ...{ isProceduralFailure: false, isWrongRadiopharmaceutical: false, isLicenceBreach: false },
    anonymousSummary: 'An injection that was meant for somebody else.',
    ...parts,
  };
}
