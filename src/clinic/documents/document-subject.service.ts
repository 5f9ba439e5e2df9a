import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { DocumentSubjectType, type Role } from '../../platform/database/generated/enums.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { type Permission, rolesHold } from '../auth/permission.type.js';
import { PatientService } from '../patients/patient.service.js';

/** A kind of thing that documents belong to, and the room that knows whether one is there. */
export interface DocumentSubject {
  readonly type: DocumentSubjectType;
  /** What reading such a thing needs: its documents need it too. */
  readonly permission: Permission;
  /** Whom it is about; null: nobody that is registered. Throws NOT_FOUND. */
  mustExist(tx: Tx, id: string): Promise<{ readonly patientId: string | null }>;
}

/** What documents belong to. A later room registers its own; files for anything else are refused. */
@Injectable()
export class DocumentSubjects {
  readonly #subjects = new Map<DocumentSubjectType, DocumentSubject>();

  constructor(@Inject(PatientService) private readonly patients: PatientService) {
    this.register({
      type: DocumentSubjectType.PATIENT,
      permission: 'READ_PATIENT',
      mustExist: async (tx, id) => ({ patientId: (await patients.mustHavePatient(tx, id)).id }),
    });
  }

  /** Call it from the constructor of a room's service. Throws when two rooms answer for one kind. */
  register(subject: DocumentSubject): void {
    if (this.#subjects.has(subject.type)) throw new Error(`two rooms answer for ${subject.type}`);
    this.#subjects.set(subject.type, subject);
  }

  /** Whether a room answers for this kind. */
  knows(type: DocumentSubjectType): boolean {
    return this.#subjects.has(type);
  }

  /** The kinds of things that these roles may read. */
  readableBy(roles: readonly Role[]): readonly DocumentSubjectType[] {
    return [...this.#subjects.values()]
      .filter(({ permission }) => rolesHold(roles, permission))
      .map(({ type }) => type);
  }

  /**
   * Whom a document of this subject is about. With `hold` that patient's record stays what it is until the transaction
   * ends. Throws NOT_FOUND when it is not there, BAD_INPUT for a kind that nobody answers for, for a patient whom it is
   * not about, and for a record that was merged into another.
   */
  async patientOf(
    tx: Tx,
    type: DocumentSubjectType,
    id: string,
    claimed: string | null,
    options: { readonly hold: boolean } = { hold: false },
  ): Promise<string | null> {
    const subject = this.#subjects.get(type);
    if (subject === undefined) throw badInput(`subjectType: nothing is filed with ${type} yet.`);
    const { patientId } = await subject.mustExist(tx, id);
    if (options.hold && patientId !== null) await this.patients.lockPatient(tx, patientId);
    if (claimed !== null && claimed !== patientId)
      throw badInput('patientId: is not whom this is about. Leave it out.');
    return patientId;
  }
}
