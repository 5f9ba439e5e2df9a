import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { ConsentPurpose } from '../../platform/database/generated/enums.js';
import type { StaffActor } from '../audit/audit.type.js';

/** A consent that ended: it was taken back, or found not to have been valid. */
export interface EndedConsent {
  /** The patient as known now; never a record that was merged into another. */
  readonly patientId: string;
  readonly purpose: ConsentPurpose;
  /** Code of the procedure (visit type); null: the purpose is not a procedure. */
  readonly procedureCode: string | null;
  /** The record that ended it. */
  readonly recordId: string;
}

/** A later room in which something stands on a consent. */
export interface ConsentDependent {
  readonly room: string;
  /** In the transaction that ends the consent, with the patient held. Refuses nothing: a withdrawal is never stopped. */
  withdrawn(tx: Tx, actor: StaffActor, ended: EndedConsent): Promise<void>;
}

/** Later rooms register here, so that what was booked on a consent is flagged at the moment at which it ends. */
@Injectable()
export class ConsentDependents {
  readonly #dependents = new Map<string, ConsentDependent>();

  register(dependent: ConsentDependent): void {
    if (this.#dependents.has(dependent.room)) {
      throw new Error(`${dependent.room} has registered with the consents before`);
    }
    this.#dependents.set(dependent.room, dependent);
  }

  /** For this room, in the order in which the rooms registered. */
  async tell(tx: Tx, actor: StaffActor, ended: EndedConsent): Promise<void> {
    for (const dependent of this.#dependents.values()) await dependent.withdrawn(tx, actor, ended);
  }
}
