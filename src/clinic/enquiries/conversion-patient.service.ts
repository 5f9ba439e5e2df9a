import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { badInput, isRefusal } from '../../platform/refusal/refusal.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { LikelyDuplicate, NhsNumberTaken } from '../patients/patient.refusals.js';
import { PatientService, shownBy } from '../patients/patient.service.js';
import { MatchNotConfirmed } from './conversion.refusals.js';
import type { EnquirerIsInput } from './conversion.type.js';
import type { Enquiry } from './enquiry.type.js';
import { type Match, MatchStrength, needsProof } from './match.rules.js';
import { MatchService } from './match.service.js';

/** Who the enquirer turned out to be. */
export interface EnquirerFound {
  readonly patientId: string;
  readonly registered: boolean;
  readonly match: Match;
  readonly howConfirmed: string | null;
}

/** Settles who an enquirer is: a patient, on somebody's word that is proof enough, or a person who is registered now. */
@Injectable()
export class ConversionPatientService {
  constructor(
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(MatchService) private readonly matches: MatchService,
  ) {}

  /** Throws NOT_FOUND, BAD_INPUT. */
  async settle(
    tx: Tx,
    actor: StaffActor,
    enquiry: Enquiry,
    said: EnquirerIsInput,
  ): Promise<EnquirerFound | MatchNotConfirmed | LikelyDuplicate | NhsNumberTaken> {
    const { patientId = null, register = null } = said;
    if (patientId !== null && register === null) return this.#confirm(tx, enquiry, patientId, said);
    if (patientId !== null || register === null)
      throw badInput('patient: give either patientId or register.');
    const patient = await this.patients.registerIn(tx, actor, register);
    if (isRefusal(patient)) return patient;
    const match = { reasons: [], doubts: [] };
    return { patientId: patient.id, registered: true, match, howConfirmed: null };
  }

  /** A refusal may have shown other patients: that look is recorded once nothing else is. */
  async recordShown(actor: StaffActor, answer: unknown): Promise<void> {
    const shown = shownBy(answer);
    if (shown.length > 0) await this.patients.recordComparison(actor, shown);
  }

  async #confirm(
    tx: Tx,
    enquiry: Enquiry,
    patientId: string,
    { howConfirmed }: EnquirerIsInput,
  ): Promise<EnquirerFound | MatchNotConfirmed> {
    const patient = await this.patients.mustHavePatient(tx, patientId);
    const matches = await this.matches.matchesOf(tx, enquiry);
    const found = matches.find((match) => match.patientId === patient.id);
    const match = found ?? { strength: MatchStrength.UNLIKELY, reasons: [], doubts: [] };
    const proof = howConfirmed?.normalize('NFC').trim() || null;
    if (needsProof(match.strength) && proof === null) return new MatchNotConfirmed(match);
    const { reasons, doubts } = match;
    return { patientId: patient.id, registered: false, match: { reasons, doubts }, howConfirmed: proof };
  }
}
